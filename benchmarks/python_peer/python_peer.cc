#include "benchmarks/python_peer/python_peer.h"

#include <cstdio>

#include "primitives/process/run.h"

namespace weft::benchmarks {

bool has_python() {
  static const bool has = [] {
    bool is_there = false;
    try {
      is_there = run({"python3", "-c", ""}).returncode == 0;
    } catch (const StartError&) {
    }
    benchmark::AddCustomContext("peer_cpython", is_there ? "present" : "absent");
    return is_there;
  }();
  return has;
}

void run_python(benchmark::State& state, const char* script, const std::vector<std::string>& args) {
  Arguments command{"python3", "-c", script};
  command.insert(command.end(), args.begin(), args.end());
  for (auto _ : state) {
    const CompletedProcess python = run(command, {.start = {.out = Redirect::pipe()}});
    double seconds = -1;
    if (std::sscanf(python.out->c_str(), "%lf", &seconds) != 1) {
      return state.SkipWithError("python3 gave no right answer");
    }
    state.SetIterationTime(seconds);
  }
}

}  // namespace weft::benchmarks
