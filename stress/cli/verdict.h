// What a campaign came to, in words, as JSON, and as an exit code.
//
// Thread safety: values and pure functions.
#pragma once

#include <string>
#include <vector>

#include "stress/cli/arguments.h"
#include "stress/program/search/result.h"

namespace weft::cli {

inline constexpr int kExitGood = 0;
inline constexpr int kExitUsage = 2;
inline constexpr int kExitViolated = 10;
inline constexpr int kExitUndecided = 11;
inline constexpr int kExitNoAnswer = 12;

struct Verdict {
  std::string verdict;  // "holds", "undecided", "violated", or "none": no answer
  std::string kind;     // of what was found, or of what kept it from an answer
  std::string sentence;
  program::Result result;  // the results together; the violated one if there is one
  std::string replay;      // a line to paste; empty if there is nothing to repeat
  std::string schedule;
  std::string text;     // for people; its last line is the verdict with its bounds
  std::string finding;  // finding.json, with this command's replay line; empty if nothing was found
  std::string page;     // the same for a browser
  std::string sarif;
  int exit_code = kExitGood;
};

Verdict verdict_of(const std::vector<program::Result>& results, const Arguments& arguments);

// Described in docs/whole-programs.md.
std::string to_json(const Verdict& verdict, const Arguments& arguments);

}  // namespace weft::cli
