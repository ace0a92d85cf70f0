// A cheap function over a million ints, into a vector that is there already.
//
// Peers: the same loop without threads, and where the system has oneTBB, std::transform with
// std::execution::par, which is built on it.
#include <benchmark/benchmark.h>

#include <cstddef>
#include <numeric>
#include <vector>

#include "primitives/pool/thread_pool.h"

#ifdef WEFT_HAVE_ONETBB
#include <oneapi/tbb/global_control.h>

#include <algorithm>
#include <execution>
#endif

namespace weft::benchmarks {
namespace {

// A type of its own, so that it is inlined everywhere.
struct Mapped {
  int operator()(int value) const { return value * 3 + 1; }
};
constexpr Mapped mapped;

struct Numbers {
  explicit Numbers(std::int64_t count)
      : in(static_cast<std::size_t>(count)), out(static_cast<std::size_t>(count)) {
    std::iota(in.begin(), in.end(), 0);
  }
  std::vector<int> in;
  std::vector<int> out;

  void report(benchmark::State& state) {
    for (std::size_t i = 0; i < in.size(); ++i) {
      if (out[i] != mapped(in[i])) return state.SkipWithError("a result is wrong");
    }
    state.SetItemsProcessed(state.iterations() * state.range(0));
  }
};

void BM_MapSerial(benchmark::State& state) {
  Numbers numbers(state.range(0));
  for (auto _ : state) {
    for (std::size_t i = 0; i < numbers.in.size(); ++i) numbers.out[i] = mapped(numbers.in[i]);
    benchmark::ClobberMemory();
  }
  numbers.report(state);
}

void BM_MapWeft(benchmark::State& state) {
  Numbers numbers(state.range(0));
  ThreadPool pool(static_cast<std::size_t>(state.range(1)));
  for (auto _ : state) pool.map_into(mapped, numbers.in, numbers.out.begin());
  numbers.report(state);
}

void sizes(benchmark::internal::Benchmark* benchmark) {
  benchmark->ArgNames({"items", "workers"})
      ->Args({1'000'000, 2})
      ->UseRealTime()
      ->Unit(benchmark::kMicrosecond);
}
BENCHMARK(BM_MapSerial)->Name("BM_MapInto<Serial>")->Apply(sizes);
BENCHMARK(BM_MapWeft)->Name("BM_MapInto<WeftPool>")->Apply(sizes);

#ifdef WEFT_HAVE_ONETBB
void BM_MapStdPar(benchmark::State& state) {
  Numbers numbers(state.range(0));
  const tbb::global_control limit(tbb::global_control::max_allowed_parallelism,
                                  static_cast<std::size_t>(state.range(1)));
  for (auto _ : state) {
    std::transform(std::execution::par, numbers.in.begin(), numbers.in.end(), numbers.out.begin(),
                   mapped);
  }
  numbers.report(state);
}
BENCHMARK(BM_MapStdPar)->Name("BM_MapInto<StdPar>")->Apply(sizes);
#endif

}  // namespace
}  // namespace weft::benchmarks
