// The search over a whole program: weft::search() with a body that only tells what the program
// told. Loaded by the program itself, see stress/program/channel.h.
#include "stress/run/search.h"

#include <cstdio>
#include <exception>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "stress/program/channel.h"
#include "stress/program/search/remote.h"
#include "stress/program/search/result.h"
#include "stress/run/options.h"
#include "stress/run/report.h"

namespace weft::program {
namespace {

std::string read_file(const std::string& path) {
  const std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

Result result_of(const Report& report) {
  Result result;
  result.verdict = to_string(report.verdict);
  if (report.violation) {
    result.kind = to_string(report.violation->kind);
    result.sentence = report.violation->text;
    result.output = output_of_last_recorded();
  }
  for (const Violation& other : report.also) {
    result.also.push_back(std::string(to_string(other.kind)) + ": " + other.text);
  }
  result.executions = report.executions;
  result.distinct = report.distinct;
  result.conflicts = report.conflicts;
  result.processes = processes();
  result.seconds = report.seconds;
  result.seed = report.seed;
  result.bounds = report.bounds;
  result.reached = report.reached;
  result.controlled = report.controlled;
  result.finding = report.finding;
  return result;
}

void take(const Job& job) {
  std::vector<std::string> flags = job.flags;
  std::string self = "weft";
  std::vector<char*> arguments = {self.data()};
  for (std::string& flag : flags) arguments.push_back(flag.data());
  arguments.push_back(nullptr);
  int count = static_cast<int>(arguments.size()) - 1;
  take_flags(&count, arguments.data());
}

Result searched(const Job& job) {
  show_output(job.show_output);
  take(job);
  Options options;
  options.executions = ~std::uint64_t{0};
  return result_of(search(
      job.name, [](Run& run) { for_each_note([&run](const char* text) { run.event(text); }); },
      options));
}

}  // namespace
}  // namespace weft::program

using namespace weft::program;

extern "C" __attribute__((visibility("default"))) int weft_search(const Runtime* runtime,
                                                                  const char* prefix) {
  Result result;
  const std::string job = prefix;
  try {
    connect(*runtime);
    result = searched(job_from(read_file(job + ".job")));
  } catch (const std::exception& error) {
    result.error = error.what();
  }
  std::ofstream file(job + ".result", std::ios::binary);
  file << to_json(result);
  file.close();
  return file.good() ? 0 : 1;
}
