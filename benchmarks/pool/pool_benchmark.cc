// What a pool costs: many empty tasks, futures collected, and tasks of 50 microseconds, where the
// counter "efficiency" says how much of the workers' time went into the tasks.
//
// Peers: the textbook's pool, and where the system has them boost::asio::thread_pool, Eigen's
// ThreadPool and oneTBB's task_group. In a task_group the waiting thread works too, so it has one
// worker less. Beside the 50 microseconds stand threads without a pool: what the machine would
// give.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <cstddef>

#include "benchmarks/pool/bare_threads.h"
#include "benchmarks/pool/peer_pools.h"
#include "benchmarks/pool/workloads.h"
#include "benchmarks/threading/placement.h"

namespace weft::benchmarks {
namespace {

template <class Pool>
void BM_PoolEmptyTasks(benchmark::State& state) {
  Pool pool(static_cast<std::size_t>(state.range(1)));
  const auto tasks = static_cast<std::size_t>(state.range(0));
  for (auto _ : state) run_empty_tasks(pool, tasks);
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

template <class Pool>
void BM_PoolManyProducers(benchmark::State& state) {
  Pool pool(static_cast<std::size_t>(state.range(1)));
  const auto tasks = static_cast<std::size_t>(state.range(0));
  const auto producers = static_cast<std::size_t>(state.range(2));
  for (auto _ : state) produce_and_wait(pool, producers, tasks, [] {});
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

template <class Pool>
void BM_PoolFutures(benchmark::State& state) {
  Pool pool(static_cast<std::size_t>(state.range(1)));
  const auto tasks = static_cast<std::size_t>(state.range(0));
  for (auto _ : state) {
    if (collect_futures(pool, tasks) != expected_sum(tasks)) {
      state.SkipWithError("the futures' values are wrong");
      break;
    }
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

// How long `tasks` tasks take one after the other, on this thread.
std::chrono::steady_clock::duration serial_time(std::size_t tasks, const Work& work) {
  const auto start = std::chrono::steady_clock::now();
  for (std::size_t i = 0; i < tasks; ++i) work();
  return std::chrono::steady_clock::now() - start;
}

// A processor's clock drifts by some percent from second to second, so that "serial" is not what
// was measured once, but a tenth of the tasks before and a tenth after each round.
template <class Pool>
void BM_PoolWork(benchmark::State& state) {
  Pool pool(static_cast<std::size_t>(state.range(2)));
  const Work work(static_cast<std::uint64_t>(1000 * state.range(1)));
  const auto tasks = static_cast<std::size_t>(state.range(0));
  const std::size_t sample = tasks / 10;
  std::chrono::steady_clock::duration serial{};
  std::chrono::steady_clock::duration took{};
  for (auto _ : state) {
    state.PauseTiming();
    serial += serial_time(sample, work);
    state.ResumeTiming();
    const auto start = std::chrono::steady_clock::now();
    run_working_tasks(pool, tasks, work);
    took += std::chrono::steady_clock::now() - start;
    state.PauseTiming();
    serial += serial_time(sample, work);
    state.ResumeTiming();
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
  // More workers than processors do no more at a time than these.
  const std::size_t processors = std::max<std::size_t>(allowed_cpus().size(), 1);
  const auto at_a_time = std::min(static_cast<std::size_t>(state.range(2)), processors);
  const std::chrono::duration<double> of_one_worker =
      serial * static_cast<double>(tasks) / static_cast<double>(2 * sample);
  state.counters["efficiency"] =
      of_one_worker / static_cast<double>(at_a_time) / std::chrono::duration<double>(took);
}

void many_tasks(benchmark::internal::Benchmark* benchmark) {
  benchmark->ArgNames({"tasks", "workers"})
      ->Args({100'000, 1})
      ->Args({100'000, 2})
      ->UseRealTime()
      ->Unit(benchmark::kMillisecond);
}

// The last rows: workers beyond the processors.
void scaling(benchmark::internal::Benchmark* benchmark) {
  benchmark->ArgNames({"tasks", "workers"});
  for (const int workers : {1, 2, 4, 8}) benchmark->Args({100'000, workers});
  benchmark->UseRealTime()->Unit(benchmark::kMillisecond);
}

void producers(benchmark::internal::Benchmark* benchmark) {
  benchmark->ArgNames({"tasks", "workers", "producers"})
      ->Args({100'000, 2, 2})
      ->UseRealTime()
      ->Unit(benchmark::kMillisecond);
}

void long_tasks(benchmark::internal::Benchmark* benchmark) {
  benchmark->ArgNames({"tasks", "task_us", "workers"});
  for (const int workers : {1, 2, 4, 8}) benchmark->Args({1000, 50, workers});
  benchmark->UseRealTime()->Unit(benchmark::kMillisecond);
}

#define WEFT_POOL_BENCHMARKS(Pool)                         \
  BENCHMARK(BM_PoolEmptyTasks<Pool>)->Apply(scaling);      \
  BENCHMARK(BM_PoolManyProducers<Pool>)->Apply(producers); \
  BENCHMARK(BM_PoolFutures<Pool>)->Apply(many_tasks);      \
  BENCHMARK(BM_PoolWork<Pool>)->Apply(long_tasks)

WEFT_POOL_BENCHMARKS(WeftPool);
WEFT_POOL_BENCHMARKS(TextbookPool);
BENCHMARK(BM_PoolWork<BareThreads>)->Name("BM_PoolWork<LimitBareThreads>")->Apply(long_tasks);
#ifdef WEFT_HAVE_BOOST
WEFT_POOL_BENCHMARKS(AsioPool);
#endif
#ifdef WEFT_HAVE_EIGEN
WEFT_POOL_BENCHMARKS(EigenPool);
#endif
#ifdef WEFT_HAVE_ONETBB
WEFT_POOL_BENCHMARKS(TbbTaskGroup);
#endif

}  // namespace
}  // namespace weft::benchmarks
