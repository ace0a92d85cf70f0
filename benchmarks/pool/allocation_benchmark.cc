// How much memory a pool asks for: calls of operator new for each task, with a future and without,
// once the pool has done as many tasks before.
//
// This program's operator new counts, so its times mean nothing.
#include <benchmark/benchmark.h>
#include <stdlib.h>

#include <atomic>
#include <cstddef>
#include <new>

#include "benchmarks/pool/peer_pools.h"
#include "benchmarks/pool/workloads.h"

namespace {

// relaxed throughout: counts, which are read when the tasks are done.
std::atomic<std::size_t> allocations{0};

void* counted(std::size_t size) {
  allocations.fetch_add(1, std::memory_order_relaxed);
  void* const memory = malloc(size);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

}  // namespace

void* operator new(std::size_t size) { return counted(size); }
void* operator new[](std::size_t size) { return counted(size); }
void operator delete(void* memory) noexcept { free(memory); }
void operator delete[](void* memory) noexcept { free(memory); }
void operator delete(void* memory, std::size_t) noexcept { free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { free(memory); }

namespace weft::benchmarks {
namespace {

template <class Workload>
void count(benchmark::State& state, std::size_t tasks, const Workload& workload) {
  workload();  // what grows has grown
  std::size_t before = allocations.load(std::memory_order_relaxed);
  std::size_t counted = 0;
  for (auto _ : state) {
    before = allocations.load(std::memory_order_relaxed);
    workload();
    counted += allocations.load(std::memory_order_relaxed) - before;
  }
  state.counters["allocations"] = static_cast<double>(counted) / static_cast<double>(tasks) /
                                  static_cast<double>(state.iterations());
}

template <class Pool>
void BM_PoolAllocationsOfTasks(benchmark::State& state) {
  Pool pool(static_cast<std::size_t>(state.range(1)));
  const auto tasks = static_cast<std::size_t>(state.range(0));
  count(state, tasks, [&] { run_empty_tasks(pool, tasks); });
}

template <class Pool>
void BM_PoolAllocationsOfFutures(benchmark::State& state) {
  Pool pool(static_cast<std::size_t>(state.range(1)));
  const auto tasks = static_cast<std::size_t>(state.range(0));
  count(state, tasks, [&] { benchmark::DoNotOptimize(collect_futures(pool, tasks)); });
}

void many_tasks(benchmark::internal::Benchmark* benchmark) {
  benchmark->ArgNames({"tasks", "workers"})->Args({100'000, 2})->UseRealTime()->Iterations(5);
}

#define WEFT_ALLOCATION_BENCHMARKS(Pool)                         \
  BENCHMARK(BM_PoolAllocationsOfTasks<Pool>)->Apply(many_tasks); \
  BENCHMARK(BM_PoolAllocationsOfFutures<Pool>)->Apply(many_tasks)

WEFT_ALLOCATION_BENCHMARKS(WeftPool);
WEFT_ALLOCATION_BENCHMARKS(TextbookPool);
#ifdef WEFT_HAVE_BOOST
WEFT_ALLOCATION_BENCHMARKS(AsioPool);
#endif
#ifdef WEFT_HAVE_EIGEN
WEFT_ALLOCATION_BENCHMARKS(EigenPool);
#endif
#ifdef WEFT_HAVE_ONETBB
WEFT_ALLOCATION_BENCHMARKS(TbbTaskGroup);
#endif

}  // namespace
}  // namespace weft::benchmarks
