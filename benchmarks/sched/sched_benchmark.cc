// What a scheduler of events costs: entering many and calling them in order, and cancelling one of
// many.
//
// Peers: a std::priority_queue of std::function, and Boost.Asio's steady_timer where the system has
// it; for cancelling, a std::multimap; and CPython's sched by the python3 on PATH.
#include <benchmark/benchmark.h>

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "benchmarks/python_peer/python_peer.h"
#include "benchmarks/sched/schedulers.h"

namespace weft::benchmarks {
namespace {

constexpr std::uint32_t kSeed = 7;

std::vector<std::int64_t> random_times(std::int64_t count) {
  std::mt19937 random(kSeed);
  std::vector<std::int64_t> times(static_cast<std::size_t>(count));
  for (std::int64_t& time : times) time = random();
  return times;
}

// All are entered, then all are called; the scheduler is made and destroyed in between.
template <class Scheduler>
void BM_EnterAndRun(benchmark::State& state) {
  const std::vector<std::int64_t> times = random_times(state.range(0));
  std::int64_t sum = 0;
  for (auto _ : state) {
    Scheduler scheduler;
    for (const std::int64_t time : times) scheduler.enter(time, [&sum, time] { sum += time; });
    scheduler.run();
  }
  benchmark::DoNotOptimize(sum);
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

// So many are pending; each action enters the next event, as timers that fire again and again do.
template <class Scheduler>
void BM_EnterFromAction(benchmark::State& state) {
  constexpr std::int64_t kRounds = 4;
  const std::vector<std::int64_t> times = random_times(state.range(0));
  struct Again {
    Scheduler* scheduler;
    std::int64_t time;
    std::int64_t rounds;
    void operator()() const {
      if (rounds > 0)
        scheduler->enter(time + (1 << 30), Again{scheduler, time + (1 << 30), rounds - 1});
    }
  };
  for (auto _ : state) {
    Scheduler scheduler;
    for (const std::int64_t time : times) scheduler.enter(time, Again{&scheduler, time, kRounds});
    scheduler.run();
  }
  state.SetItemsProcessed(state.iterations() * state.range(0) * (kRounds + 1));
}

// One of so many pending events is cancelled, and another one entered in its place.
template <class Scheduler>
void BM_CancelAndEnter(benchmark::State& state) {
  const std::vector<std::int64_t> times = random_times(state.range(0));
  Scheduler scheduler;
  std::vector<typename Scheduler::Handle> handles;
  std::int64_t calls = 0;
  for (const std::int64_t time : times) handles.push_back(scheduler.enter(time, [&] { ++calls; }));
  std::mt19937 random(kSeed + 1);
  for (auto _ : state) {
    const std::size_t i = random() % handles.size();
    scheduler.cancel(handles[i]);
    handles[i] = scheduler.enter(times[i], [&calls] { ++calls; });
  }
  state.SetItemsProcessed(state.iterations());
}

#ifdef WEFT_HAVE_ASIO
template <>
void BM_CancelAndEnter<AsioTimers>(benchmark::State& state) {
  const std::vector<std::int64_t> times = random_times(state.range(0));
  AsioTimers scheduler;
  std::vector<AsioTimers::Handle> handles;
  std::int64_t calls = 0;
  for (const std::int64_t time : times) {
    // In the future, or settle() would call them.
    handles.push_back(scheduler.enter(time + (std::int64_t{1} << 60), [&] { ++calls; }));
  }
  std::mt19937 random(kSeed + 1);
  for (auto _ : state) {
    const std::size_t i = random() % handles.size();
    scheduler.cancel(handles[i]);
    scheduler.settle();
    scheduler.enter_again(handles[i], times[i] + (std::int64_t{1} << 60), [&calls] { ++calls; });
  }
  state.SetItemsProcessed(state.iterations());
}
#endif

void counts(benchmark::internal::Benchmark* benchmark) {
  benchmark->ArgName("events")->Arg(10'000)->Arg(1'000'000)->Unit(benchmark::kMillisecond);
}
void pending(benchmark::internal::Benchmark* benchmark) {
  benchmark->ArgName("pending")->Arg(3'000)->Arg(1'000'000);
}

BENCHMARK(BM_EnterAndRun<WeftScheduler>)->Apply(counts);
BENCHMARK(BM_EnterAndRun<PriorityQueueOfFunctions>)->Apply(counts);
BENCHMARK(BM_EnterFromAction<WeftScheduler>)
    ->ArgName("events")
    ->Arg(10'000)
    ->Unit(benchmark::kMillisecond);
BENCHMARK(BM_EnterFromAction<PriorityQueueOfFunctions>)
    ->ArgName("events")
    ->Arg(10'000)
    ->Unit(benchmark::kMillisecond);
BENCHMARK(BM_CancelAndEnter<WeftScheduler>)->Apply(pending);
BENCHMARK(BM_CancelAndEnter<MapOfFunctions>)->Apply(pending);
#ifdef WEFT_HAVE_ASIO
BENCHMARK(BM_EnterAndRun<AsioTimers>)->Apply(counts);
BENCHMARK(BM_CancelAndEnter<AsioTimers>)->Apply(pending);
#endif

constexpr const char* kScript = R"(
import random, sched, sys, time

if __name__ == '__main__':
    count = int(sys.argv[1])
    draw = random.Random(7)
    times = [draw.randrange(1 << 32) for _ in range(count)]
    seen = []
    scheduler = sched.scheduler(lambda: 1 << 40, lambda _: None)
    began = time.perf_counter()
    for when in times:
        scheduler.enterabs(when, 1, seen.append, (when,))
    scheduler.run()
    took = time.perf_counter() - began
    print(took if seen == sorted(times) else 'wrong')
)";

void BM_CPython(benchmark::State& state) {
  run_python(state, kScript, {std::to_string(state.range(0))});
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

const bool is_registered = [] {
  if (!has_python()) return true;
  benchmark::RegisterBenchmark("BM_EnterAndRun<CPythonSched>", BM_CPython)
      ->ArgName("events")
      ->Arg(10'000)
      ->Unit(benchmark::kMillisecond)
      ->Iterations(kPythonRuns)
      ->UseManualTime();
  return true;
}();

}  // namespace
}  // namespace weft::benchmarks
