// A benchmark that reports an error unless it and its dependency are compiled as a release; its
// smoke test is thus the test of the build.
#include <benchmark/benchmark.h>

#include "benchmarks/defs_test/flags.h"

namespace {

void judge(benchmark::State& state, weft::Flags flags) {
  if (!flags.optimized) state.SkipWithError("compiled without optimization");
  if (flags.asserts) state.SkipWithError("compiled without NDEBUG");
  for (auto _ : state) benchmark::DoNotOptimize(flags);
}

void BM_OwnFlags(benchmark::State& state) { judge(state, weft::own_flags()); }
BENCHMARK(BM_OwnFlags);

void BM_FlagsOfADependency(benchmark::State& state) { judge(state, weft::flags_of_a_dependency()); }
BENCHMARK(BM_FlagsOfADependency);

}  // namespace
