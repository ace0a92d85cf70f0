// The documents' own pools beside Weft's: tasks handed to CPython's ThreadPoolExecutor and
// collected, and its multiprocessing.Pool and ThreadPool mapping a list, by the python3 on PATH, as
// one program that tells how long the work took without its start. Where there is no python3 it is
// absent.
//
// CPython's threads share one interpreter lock, so its figures are of two workers, not of two
// processors' work.
#include <benchmark/benchmark.h>

#include <cstddef>
#include <cstdint>
#include <numeric>
#include <string>
#include <vector>

#include "benchmarks/pool/workloads.h"
#include "benchmarks/python_peer/python_peer.h"
#include "primitives/pool/thread_pool.h"

namespace weft::benchmarks {
namespace {

constexpr const char* kScript = R"(
import sys, time, multiprocessing, multiprocessing.pool
from concurrent.futures import ThreadPoolExecutor

def number(i):
    return i

def mapped(i):
    return i * 3 + 1

def main(way, count, workers):
    if way == 'executor':
        with ThreadPoolExecutor(workers) as pool:
            began = time.perf_counter()
            futures = [pool.submit(number, i) for i in range(count)]
            right = sum(f.result() for f in futures) == count * (count - 1) // 2
            return right, time.perf_counter() - began
    pools = {'threads': multiprocessing.pool.ThreadPool, 'processes': multiprocessing.Pool}
    with pools[way](workers) as pool:
        pool.map(mapped, range(workers))
        began = time.perf_counter()
        results = pool.map(mapped, range(count))
        took = time.perf_counter() - began
        return results == [mapped(i) for i in range(count)], took

if __name__ == '__main__':
    right, took = main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
    print(took if right else 'wrong')
)";

void BM_CPython(benchmark::State& state, const std::string& way) {
  run_python(state, kScript, {way, std::to_string(state.range(0)), std::to_string(state.range(1))});
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

void BM_WeftFutures(benchmark::State& state) {
  WeftPool pool(static_cast<std::size_t>(state.range(1)));
  const auto tasks = static_cast<std::size_t>(state.range(0));
  for (auto _ : state) {
    if (collect_futures(pool, tasks) != expected_sum(tasks)) {
      return state.SkipWithError("the futures' values are wrong");
    }
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

void BM_WeftMap(benchmark::State& state) {
  ThreadPool pool(static_cast<std::size_t>(state.range(1)));
  std::vector<int> numbers(static_cast<std::size_t>(state.range(0)));
  std::iota(numbers.begin(), numbers.end(), 0);
  for (auto _ : state) {
    benchmark::DoNotOptimize(pool.map([](int i) { return i * 3 + 1; }, numbers));
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

const bool is_registered = [] {
  const auto sizes = [](benchmark::internal::Benchmark* made, const char* what,
                        std::int64_t count) {
    return made->ArgNames({what, "workers"})->Args({count, 2})->Unit(benchmark::kMillisecond);
  };
  sizes(benchmark::RegisterBenchmark("BM_Futures<WeftPool>", BM_WeftFutures), "tasks", 10'000)
      ->UseRealTime();
  sizes(benchmark::RegisterBenchmark("BM_Map<WeftPool>", BM_WeftMap), "items", 1'000'000)
      ->UseRealTime();
  if (!has_python()) return true;
  const auto of_python = [&](const char* name, const char* way, const char* what,
                             std::int64_t count) {
    sizes(benchmark::RegisterBenchmark(name, BM_CPython, way), what, count)
        ->Iterations(kPythonRuns)
        ->UseManualTime();
  };
  of_python("BM_Futures<CPythonThreadPoolExecutor>", "executor", "tasks", 10'000);
  of_python("BM_Map<CPythonThreadPool>", "threads", "items", 1'000'000);
  of_python("BM_Map<CPythonProcessPool>", "processes", "items", 1'000'000);
  return true;
}();

}  // namespace
}  // namespace weft::benchmarks
