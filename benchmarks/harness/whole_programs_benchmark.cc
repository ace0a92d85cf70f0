// What an execution of a whole program costs under `weft check`: a small one, with the detectors
// and without, in a process for many executions, and, as --output makes it, in one of its own.
#include <benchmark/benchmark.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>

#include "stress/report/json_reader.h"

namespace weft::benchmarks {
namespace {

// Where the files are that this program was built with, before main() goes to its caller's folder.
const std::filesystem::path files = std::filesystem::current_path();

void run(const std::string& command) {
  if (std::system(command.c_str()) != 0) throw std::runtime_error("this failed: " + command);
}

// Of the children that have ended.
double processor_seconds() {
  rusage used = {};
  getrusage(RUSAGE_CHILDREN, &used);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

// stress/program/examples/small.c, built once, and the command beside its compiler.
class Small {
 public:
  Small()
      : weft_(std::filesystem::canonical(files / "weft").parent_path()),
        folder_(std::filesystem::temp_directory_path() /
                ("weft_small_" + std::to_string(getpid()))) {
    std::filesystem::create_directories(folder_);
    run("'" + weft_ + "/weft-cc' -O1 '" + files.string() +
        "/stress/program/examples/small.c' -o '" + program() + "'");
  }
  ~Small() { std::filesystem::remove_all(folder_); }

  // Its verdict.
  report::Json check(const std::string& options) const {
    const std::string verdict = folder_ + "/verdict.json";
    run("'" + weft_ + "/weft' check '" + program() + "' --strategy random_walk --seconds 1000 " +
        options + " --json '" + verdict + "' > '" + folder_ + "/output'");
    std::ostringstream text;
    text << std::ifstream(verdict).rdbuf();
    return report::read_json(text.str());
  }

 private:
  std::string program() const { return folder_ + "/small"; }

  const std::string weft_;
  const std::string folder_;
};

void BM_WholeProgram(benchmark::State& state) {
  const bool detects = state.range(0) != 0;
  const bool apart = state.range(1) != 0;
  const std::uint64_t executions = apart ? 1000 : 50'000;
  const std::string options = "--executions " + std::to_string(executions) +
                              (detects ? "" : " --weft_races=0 --weft_lock_order=0") +
                              (apart ? " --output" : "");
  const Small small;
  double processes = 0;
  double done = 0;
  const double used_before = processor_seconds();
  for (auto _ : state) {
    const report::Json verdict = small.check(options);
    processes += verdict.at("processes").number();
    done += static_cast<double>(executions);
    state.SetIterationTime(verdict.at("seconds").number());
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(done));
  // The command's and the search's beginning are in it.
  state.counters["processor_us_per_execution"] = (processor_seconds() - used_before) / done * 1e6;
  state.counters["executions_per_process"] = done / processes;
}
BENCHMARK(BM_WholeProgram)
    ->ArgNames({"detectors", "process_each"})
    ->ArgsProduct({{0, 1}, {0, 1}})
    ->UseManualTime()
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace weft::benchmarks
