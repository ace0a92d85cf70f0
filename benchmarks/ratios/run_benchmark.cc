#include "benchmarks/ratios/run_benchmark.h"

#include <sched.h>
#include <stdio.h>

#include <memory>
#include <sstream>
#include <stdexcept>

#include "stress/report/json_reader.h"

namespace weft::benchmarks {
namespace {

// The calling thread's processors, cut to the first few; its children inherit them.
class OnProcessors {
 public:
  explicit OnProcessors(unsigned count) {
    (void)sched_getaffinity(0, sizeof(before_), &before_);
    if (count == 0) return;
    cpu_set_t few;
    CPU_ZERO(&few);
    for (int cpu = 0; cpu < CPU_SETSIZE && count != 0; ++cpu) {
      if (!CPU_ISSET(cpu, &before_)) continue;
      CPU_SET(cpu, &few);
      --count;
    }
    (void)sched_setaffinity(0, sizeof(few), &few);
  }
  ~OnProcessors() { (void)sched_setaffinity(0, sizeof(before_), &before_); }
  OnProcessors(const OnProcessors&) = delete;
  OnProcessors& operator=(const OnProcessors&) = delete;

 private:
  cpu_set_t before_;
};

std::string output_of(const std::string& command) {
  FILE* const pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) throw std::runtime_error("cannot start " + command);
  std::string output;
  char piece[4096];
  for (std::size_t got = 0; (got = fread(piece, 1, sizeof(piece), pipe)) != 0;) {
    output.append(piece, got);
  }
  if (pclose(pipe) != 0) throw std::runtime_error(command + " has failed");
  return output;
}

}  // namespace

std::string pattern_of(const std::string& name) {
  std::string pattern = "^";
  for (const char c : name) {
    if (std::string("\\^$.|?*+()[]{}").find(c) != std::string::npos) pattern += '\\';
    pattern += c;
  }
  return pattern + "$";
}

std::optional<double> figure_in(const std::string& json, const std::string& figure) {
  if (json.find('{') == std::string::npos) return std::nullopt;  // no benchmark fits
  const report::Json report = report::read_json(json);
  const report::JsonArray& benchmarks = report.at("benchmarks").array();
  if (benchmarks.empty()) return std::nullopt;
  if (benchmarks.size() != 1) throw std::runtime_error("there is more than one benchmark");
  const report::JsonObject& benchmark = benchmarks.front().object();
  if (const auto error = benchmark.find("error_message"); error != benchmark.end()) {
    throw std::runtime_error(error->second.text());
  }
  const auto value = benchmark.find(figure);
  if (value == benchmark.end()) throw std::runtime_error("it has no figure " + figure);
  return value->second.number();
}

std::optional<double> run_benchmark(const Named& named, const std::string& figure,
                                    const RunOptions& options) {
  const OnProcessors on(options.processors);
  const std::string command =
      "'" + named.program + "' '--benchmark_filter=" + pattern_of(named.name) +
      "' --benchmark_min_time=" + options.min_time + " --benchmark_format=json 2>/dev/null";
  try {
    return figure_in(output_of(command), figure);
  } catch (const std::exception& error) {
    throw std::runtime_error(named.program + ", " + named.name + ": " + error.what());
  }
}

std::set<std::string> benchmarks_of(const std::string& program) {
  std::istringstream lines(output_of("'" + program + "' --benchmark_list_tests=true"));
  std::set<std::string> names;
  for (std::string line; std::getline(lines, line);) names.insert(line);
  return names;
}

}  // namespace weft::benchmarks
