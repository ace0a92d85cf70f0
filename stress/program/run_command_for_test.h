// Runs commands in a folder of the test's own, as a user at a shell does.
//
// Thread safety: one call at a time.
#pragma once

#include <string>

namespace weft::program {

struct Ran {
  int code = -1;  // -1: ended by a signal
  std::string output;
};

// Beside //:weft, which is `weft` there; so are weft-cc and weft-c++. Without Bazel's variables.
Ran run_command(const std::string& command, const std::string& input = "");

// Where //:weft lies.
std::string folder_of_weft();
// A folder of the workspace among the test's files.
std::string folder_of_sources(const std::string& folder);
// An empty folder.
std::string new_folder(const std::string& name);

}  // namespace weft::program
