// The pools of processes: lists mapped one element at a time, calls handed in and collected, the
// time of one call, and the time until a call fails whose process was killed; beside CPython's
// multiprocessing.Pool, by the python3 on PATH (benchmarks/python_peer).
#include <benchmark/benchmark.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <string>
#include <vector>

#include "benchmarks/python_peer/python_peer.h"
#include "primitives/process_pool/process_pool.h"

namespace weft::benchmarks {
namespace {

using Clock = std::chrono::steady_clock;

constexpr const char* kScript = R"(
import os, signal, sys, time, multiprocessing
from concurrent.futures import ProcessPoolExecutor

def mapped(i):
    return i * 3 + 1

def killed():
    os.kill(os.getpid(), signal.SIGKILL)

def main(way, count, workers):
    if way == 'death':
        took = []
        for i in range(count):
            with ProcessPoolExecutor(workers) as pool:
                pool.submit(mapped, 1).result()
                began = time.perf_counter()
                try:
                    pool.submit(killed).result()
                except Exception:
                    took.append(time.perf_counter() - began)
        return len(took) == count, sum(took)
    with multiprocessing.Pool(workers) as pool:
        pool.map(mapped, range(workers))
        wanted = [mapped(i) for i in range(count)]
        began = time.perf_counter()
        if way == 'map':
            results = pool.map(mapped, range(count), chunksize=1)
        elif way == 'calls':
            results = [r.get() for r in [pool.apply_async(mapped, (i,)) for i in range(count)]]
        else:
            results = [pool.apply(mapped, (i,)) for i in range(count)]
        took = time.perf_counter() - began
        return results == wanted, took

if __name__ == '__main__':
    right, took = main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
    print(took if right else 'wrong')
)";

int mapped(int i) { return i * 3 + 1; }

std::vector<int> numbers(benchmark::State& state) {
  std::vector<int> numbers(static_cast<std::size_t>(state.range(0)));
  std::iota(numbers.begin(), numbers.end(), 0);
  return numbers;
}

std::size_t workers(benchmark::State& state) { return static_cast<std::size_t>(state.range(1)); }

void BM_Map(benchmark::State& state) {
  ipc::Pool pool(workers(state));
  const std::vector<int> inputs = numbers(state);
  for (auto _ : state) {
    const std::vector<int> results = pool.map(mapped, inputs, 1);
    if (results.size() != inputs.size() || results.back() != mapped(inputs.back())) {
      return state.SkipWithError("the results are wrong");
    }
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

void BM_Calls(benchmark::State& state) {
  ipc::Pool pool(workers(state));
  const std::vector<int> inputs = numbers(state);
  std::vector<Future<int>> futures;
  for (auto _ : state) {
    futures.clear();
    for (const int i : inputs) futures.push_back(pool.submit(mapped, i));
    for (const int i : inputs) {
      if (futures[static_cast<std::size_t>(i)].result() != mapped(i)) {
        return state.SkipWithError("a result is wrong");
      }
    }
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

void BM_RoundTrip(benchmark::State& state) {
  ipc::Pool pool(workers(state));
  for (auto _ : state) {
    for (const int i : numbers(state)) {
      if (pool.apply(mapped, i) != mapped(i)) return state.SkipWithError("a result is wrong");
    }
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

// An iteration is so many deaths; `p99_us` is the 99th of a hundred, of all.
void BM_Death(benchmark::State& state) {
  ipc::Pool pool(workers(state));
  std::vector<double> each;
  for (auto _ : state) {
    Clock::duration all{};
    for (std::int64_t i = 0; i < state.range(0); ++i) {
      (void)pool.apply(mapped, 1);
      const auto began = Clock::now();
      try {
        pool.apply([] { (void)::raise(SIGKILL); });
        return state.SkipWithError("the call of a killed process has not failed");
      } catch (const ipc::WorkerDiedError&) {
      }
      const auto took = Clock::now() - began;
      all += took;
      each.push_back(std::chrono::duration<double, std::micro>(took).count());
    }
    state.SetIterationTime(std::chrono::duration<double>(all).count());
  }
  std::sort(each.begin(), each.end());
  if (each.empty()) return;
  state.counters["p50_us"] = each[each.size() / 2];
  state.counters["p99_us"] = each[each.size() * 99 / 100];
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

void BM_CPython(benchmark::State& state, const std::string& way) {
  run_python(state, kScript, {way, std::to_string(state.range(0)), std::to_string(state.range(1))});
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

const bool is_registered = [] {
  struct Family {
    const char* name;
    void (*ours)(benchmark::State&);
    const char* way;
    const char* what;
    std::int64_t count;
  };
  constexpr Family kFamilies[] = {
      {"BM_ProcessPoolMap", BM_Map, "map", "items", 20'000},
      {"BM_ProcessPoolCalls", BM_Calls, "calls", "tasks", 20'000},
      {"BM_ProcessPoolRoundTrip", BM_RoundTrip, "apply", "tasks", 1'000},
      {"BM_ProcessPoolDeath", BM_Death, "death", "deaths", 20},
  };
  for (const Family& family : kFamilies) {
    const auto with = [&](benchmark::internal::Benchmark* made) {
      return made->ArgNames({family.what, "workers"})
          ->Args({family.count, 2})
          ->Unit(benchmark::kMillisecond);
    };
    const std::string name = family.name;
    auto* const ours =
        with(benchmark::RegisterBenchmark((name + "<WeftPool>").c_str(), family.ours));
    if (family.ours == BM_Death) {
      ours->UseManualTime();
    } else {
      ours->UseRealTime();
    }
    if (!has_python()) continue;
    with(benchmark::RegisterBenchmark((name + "<CPythonPool>").c_str(), BM_CPython, family.way))
        ->Iterations(kPythonRuns)
        ->UseManualTime();
  }
  return true;
}();

}  // namespace
}  // namespace weft::benchmarks
