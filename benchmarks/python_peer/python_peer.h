// CPython as a peer: a script for the python3 on PATH, as one program that tells how long the work
// took without its own start.
//
// Thread safety: any thread.
#pragma once

#include <benchmark/benchmark.h>

#include <string>
#include <vector>

namespace weft::benchmarks {

// Whether there is a python3. Also says so in the context of the results, as peer_cpython.
bool has_python();

// One iteration for each run of the script, which prints how many seconds the work took, or
// anything else if its result was wrong.
void run_python(benchmark::State& state, const char* script, const std::vector<std::string>& args);

// A program that starts another one is measured a few times, not for a while.
inline constexpr int kPythonRuns = 3;

}  // namespace weft::benchmarks
