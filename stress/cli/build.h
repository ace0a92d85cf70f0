// From what the user names to a program that can be explored.
//
// Thread safety: one call at a time.
#pragma once

#include <stdexcept>
#include <string>
#include <vector>

namespace weft::cli {

// Where this command's other files lie.
struct Installation {
  std::string folder;
  std::string c_compiler() const { return folder + "/weft-cc"; }
  std::string cxx_compiler() const { return folder + "/weft-c++"; }
  std::string search_library() const { return folder + "/lib/weft/weft_search.so"; }
};
// Beside the running program. Throws std::runtime_error if something is missing.
Installation find_installation();

// A folder that is gone with this value.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

// The program cannot be had: what() is a sentence; a compiler has said more itself.
class BuildError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// The path of a program: the one file, if it is one, else what its sources are compiled to in
// `folder`.
std::string program_from(const std::vector<std::string>& files,
                         const std::vector<std::string>& compiler_options,
                         const Installation& installation, const std::string& folder);

}  // namespace weft::cli
