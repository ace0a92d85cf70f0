// `weft judge`: what a history in a file comes to.
//
// Thread safety: values and pure functions.
#pragma once

#include <string>

#include "stress/cli/arguments.h"
#include "stress/linearize/history_file.h"

namespace weft::cli {

struct Judged {
  std::string text;  // for people; its last line is the verdict
  std::string json;  // described in docs/histories.md
  int exit_code = 0;
};

// Reads the file, or standard input. Throws UsageError for a file that cannot be read and a model
// that does not exist, and linearize::HistoryFileError for one that is no history of the model.
Judged judge_file(const Arguments& arguments);

// The models and their operations, for the help.
std::string models_help();

}  // namespace weft::cli
