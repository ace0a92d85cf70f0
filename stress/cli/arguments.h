// The command line of `weft`.
//
// Thread safety: values and pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace weft::cli {

enum class Command { kHelp, kHelpOfCheck, kHelpOfJudge, kVersion, kCheck, kJudge };

struct Arguments {
  Command command = Command::kHelp;
  std::string self = "weft";  // as it was called, for lines that repeat something

  // Of `weft check`.
  std::vector<std::string> files;
  std::vector<std::string> program_arguments;  // behind "--"
  std::vector<std::string> compiler_options;
  std::string seconds = "10";
  std::optional<std::string> executions;
  std::optional<std::string> strategy;
  std::optional<std::uint64_t> seed;
  std::string replay;
  unsigned workers = 0;  // 0: not said
  std::string json;
  std::string html;
  std::string sarif;
  bool strict = false;
  bool output = false;
  std::vector<std::string> explorer_flags;  // --weft_...=..., as a test takes them

  // Of `weft judge`, beside its one file, seconds, json and strict.
  std::string model;
};

// what() is one sentence for the user.
class UsageError : public std::invalid_argument {
 public:
  using std::invalid_argument::invalid_argument;
};

// `words` is without the program's own name. Throws UsageError.
Arguments arguments_from(const std::vector<std::string>& words);
// What WEFT_WORKERS says where the arguments do not, and else one. Throws UsageError, for a
// WEFT_CAMPAIGN too.
void take_environment(Arguments& arguments);

const char* help();
const char* help_of_check();
const char* help_of_judge();

// As a shell takes it for one word.
std::string quoted(const std::string& word);

}  // namespace weft::cli
