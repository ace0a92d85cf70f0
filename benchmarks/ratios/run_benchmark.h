// Runs one benchmark of a program as a process of its own.
//
// Thread safety: one thread of a process at a time, because the processors are the calling
// thread's.
#pragma once

#include <optional>
#include <set>
#include <string>

#include "benchmarks/ratios/row.h"

namespace weft::benchmarks {

struct RunOptions {
  std::string min_time = "0.2";  // seconds, of Google Benchmark
  unsigned processors = 0;       // as in Row
};

// The figure; empty if the program has no such benchmark, as when this machine lacks the peer.
// Throws std::runtime_error if the program fails, the benchmark reports an error, or has no such
// figure.
std::optional<double> run_benchmark(const Named& named, const std::string& figure,
                                    const RunOptions& options);

// The names of all benchmarks of a program. Throws std::runtime_error if it fails.
std::set<std::string> benchmarks_of(const std::string& program);

// The figure of the only benchmark in Google Benchmark's JSON; empty if there is none.
std::optional<double> figure_in(const std::string& json, const std::string& figure);

// A regular expression that fits this name and no other.
std::string pattern_of(const std::string& name);

}  // namespace weft::benchmarks
