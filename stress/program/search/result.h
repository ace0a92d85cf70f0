// What a search over a whole program hands on to `weft check`, and what it is given: two small
// files.
//
// Thread safety: values.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace weft::program {

// In JOB.job: a line each.
struct Job {
  std::string name;                // of the program, for its reports
  bool show_output = false;        // of every execution
  std::vector<std::string> flags;  // "--weft_seed=7", as a test takes them
};
std::string to_text(const Job& job);
Job job_from(std::string_view text);

// In JOB.result. With `error` nothing else is there: there was no search.
struct Result {
  std::string error;
  std::string verdict;  // to_string(weft::Verdict)
  std::string kind;     // of the violation, if there is one
  std::string sentence;
  std::uint64_t executions = 0;
  std::uint64_t distinct = 0;
  std::uint64_t conflicts = 0;  // as weft::Report
  std::uint64_t processes = 0;  // in which they ran
  double seconds = 0;
  std::uint64_t seed = 0;
  std::string bounds;
  std::string reached;
  std::string controlled;
  std::string finding;            // finding.json, empty without a violation
  std::string output;             // what the violating execution printed
  std::vector<std::string> also;  // what else was met: "KIND: SENTENCE"
};
std::string to_json(const Result& result);
std::string json_of_also(const Result& result);  // that field alone
// Throws JsonError, std::bad_variant_access or std::out_of_range for what to_json() did not make.
Result result_from_json(std::string_view text);

}  // namespace weft::program
