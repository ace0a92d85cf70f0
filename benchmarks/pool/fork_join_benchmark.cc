// Fork and join: the Fibonacci numbers by recursion without a cut-off, where each call forks one
// branch and does the other itself, so that the forks are all that it costs.
//
// Peer: oneTBB's task_group, if the system has it, with as many threads.
#include <benchmark/benchmark.h>

#include <cstddef>

#include "primitives/pool/thread_pool.h"

#ifdef WEFT_HAVE_ONETBB
#include <oneapi/tbb/global_control.h>
#include <oneapi/tbb/task_group.h>
#endif

namespace weft::benchmarks {
namespace {

std::int64_t fibonacci(std::int64_t n) { return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2); }

// Calls with n >= 2, each of which forks once.
std::int64_t forks(std::int64_t n) { return n < 2 ? 0 : 1 + forks(n - 1) + forks(n - 2); }

void report(benchmark::State& state, bool right) {
  if (!right) state.SkipWithError("the number is wrong");
  state.SetItemsProcessed(state.iterations() * forks(state.range(0)));
}

std::int64_t fork_weft(ThreadPool& pool, std::int64_t n) {
  if (n < 2) return n;
  auto before = pool.submit([&pool, n] { return fork_weft(pool, n - 1); });
  const std::int64_t two_before = fork_weft(pool, n - 2);
  return before.result() + two_before;
}

void BM_ForkJoinWeft(benchmark::State& state) {
  ThreadPool pool(static_cast<std::size_t>(state.range(1)));
  const std::int64_t n = state.range(0);
  bool right = true;
  for (auto _ : state) {
    right &= pool.apply([&pool, n] { return fork_weft(pool, n); }) == fibonacci(n);
  }
  report(state, right);
}

void sizes(benchmark::internal::Benchmark* benchmark) {
  benchmark->ArgNames({"n", "workers"})
      ->Args({25, 1})
      ->Args({25, 2})
      ->UseRealTime()
      ->Unit(benchmark::kMillisecond);
}
BENCHMARK(BM_ForkJoinWeft)->Name("BM_ForkJoin<WeftPool>")->Apply(sizes);

#ifdef WEFT_HAVE_ONETBB
std::int64_t fork_tbb(std::int64_t n) {
  if (n < 2) return n;
  std::int64_t before = 0;
  tbb::task_group group;
  group.run([&before, n] { before = fork_tbb(n - 1); });
  const std::int64_t two_before = fork_tbb(n - 2);
  group.wait();
  return before + two_before;
}

void BM_ForkJoinTbb(benchmark::State& state) {
  const tbb::global_control limit(tbb::global_control::max_allowed_parallelism,
                                  static_cast<std::size_t>(state.range(1)));
  const std::int64_t n = state.range(0);
  bool right = true;
  for (auto _ : state) right &= fork_tbb(n) == fibonacci(n);
  report(state, right);
}
BENCHMARK(BM_ForkJoinTbb)->Name("BM_ForkJoin<TbbTaskGroup>")->Apply(sizes);
#endif

}  // namespace
}  // namespace weft::benchmarks
