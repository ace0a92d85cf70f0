// What the explorer costs: a scheduling point, and an execution.
//
// Ratios are measured in turn with what they refer to, so that a disturbed machine disturbs both: a
// point against a pair of switches between fibers of Boost.Context (absent: no such figure), and an
// execution against the same body on real threads. Those run in the same program, where the
// explorer stands before the functions of libc and hands each call on.
#include <benchmark/benchmark.h>

#include <chrono>
#include <cstdint>

#include "benchmarks/harness/bodies.h"
#include "stress/explore/explore.h"
#include "stress/explore/places.h"
#include "stress/explore/pos.h"
#include "stress/explore/random_walk.h"
#include "stress/explore/surw.h"

#if defined(WEFT_HAVE_BOOST_CONTEXT)
#include <boost/context/fiber.hpp>
#endif

namespace weft::benchmarks {
namespace {

using Clock = std::chrono::steady_clock;
using Body = void (*)(void*);

double seconds_since(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

// The detectors: data races and the order of locks.
explore::Limits limits_with(bool detectors) {
  return {.lock_order = detectors, .races = detectors};
}

// Runs an execution; returns its steps, or 0 if it did not end well.
std::uint64_t explore(Body body, bool detectors) {
  static explore::RandomWalk strategy;
  static std::uint64_t seed = 0;
  const explore::Outcome& outcome =
      explore::execute(body, nullptr, strategy, ++seed, limits_with(detectors));
  return outcome.finding == explore::Finding::kNone ? explore::counters().steps : 0;
}

void BM_Execution(benchmark::State& state, Body body) {
  std::uint64_t steps = 0;
  for (auto _ : state) {
    const std::uint64_t more = explore(body, state.range(0) != 0);
    if (more == 0 && body != explored.nothing) return state.SkipWithError("an execution failed");
    steps += more;
  }
  state.SetItemsProcessed(state.iterations());
  state.counters["steps"] =
      benchmark::Counter(static_cast<double>(steps), benchmark::Counter::kAvgIterations);
}
void with_and_without_detectors(benchmark::internal::Benchmark* benchmark) {
  benchmark->ArgName("detectors")->Arg(0)->Arg(1);
}
BENCHMARK_CAPTURE(BM_Execution, nothing, explored.nothing)->Apply(with_and_without_detectors);
BENCHMARK_CAPTURE(BM_Execution, loads_and_stores, explored.loads_and_stores)
    ->Apply(with_and_without_detectors);
BENCHMARK_CAPTURE(BM_Execution, philosophers, explored.philosophers)
    ->Apply(with_and_without_detectors);
BENCHMARK_CAPTURE(BM_Execution, additions, explored.additions)->Apply(with_and_without_detectors);

// Counter `times`: executions a second with the detectors, over those without. To be two thirds at
// least.
void BM_WithDetectorsPerWithout(benchmark::State& state, Body body) {
  constexpr int kExecutions = 200;
  double seconds[2] = {};
  for (auto _ : state) {
    for (const bool detectors : {false, true}) {
      const auto begin = Clock::now();
      for (int i = 0; i < kExecutions; ++i) {
        if (explore(body, detectors) == 0) return state.SkipWithError("an execution failed");
      }
      seconds[detectors] += seconds_since(begin);
    }
  }
  state.counters["times"] = seconds[0] / seconds[1];
}
BENCHMARK_CAPTURE(BM_WithDetectorsPerWithout, loads_and_stores, explored.loads_and_stores);
BENCHMARK_CAPTURE(BM_WithDetectorsPerWithout, philosophers, explored.philosophers);
BENCHMARK_CAPTURE(BM_WithDetectorsPerWithout, additions, explored.additions);

// Counter `ns`: what the search for races adds to a plain access. To be 5 at most.
void BM_DetectorsAddToAnAccess(benchmark::State& state) {
  double seconds[2] = {};
  double accesses = 0;
  for (auto _ : state) {
    for (const bool detectors : {false, true}) {
      const auto begin = Clock::now();
      explore(explored.writes, detectors);
      seconds[detectors] += seconds_since(begin);
    }
    accesses += static_cast<double>(explore::counters().accesses);
  }
  state.counters["ns"] = (seconds[1] - seconds[0]) / accesses * 1e9;
}
BENCHMARK(BM_DetectorsAddToAnAccess);

// By strategy; to be 1.3 times as long as by the random walk at most, for Pos and Places.
template <class S>
void execute_by(benchmark::State& state, Body body) {
  S strategy;
  std::uint64_t seed = 0;
  for (auto _ : state) {
    const explore::Outcome& outcome = explore::execute(body, nullptr, strategy, ++seed, {});
    if (outcome.finding != explore::Finding::kNone) {
      return state.SkipWithError("an execution failed");
    }
    strategy.end();
  }
  state.SetItemsProcessed(state.iterations());
}
void BM_ByWalk(benchmark::State& state, Body body) { execute_by<explore::RandomWalk>(state, body); }
void BM_ByPos(benchmark::State& state, Body body) { execute_by<explore::Pos>(state, body); }
void BM_ByPlaces(benchmark::State& state, Body body) { execute_by<explore::Places>(state, body); }
void BM_BySurw(benchmark::State& state, Body body) { execute_by<explore::Surw>(state, body); }
BENCHMARK_CAPTURE(BM_ByWalk, philosophers, explored.philosophers);
BENCHMARK_CAPTURE(BM_ByPos, philosophers, explored.philosophers);
BENCHMARK_CAPTURE(BM_ByPlaces, philosophers, explored.philosophers);
BENCHMARK_CAPTURE(BM_BySurw, philosophers, explored.philosophers);
BENCHMARK_CAPTURE(BM_ByWalk, additions, explored.additions);
BENCHMARK_CAPTURE(BM_ByPos, additions, explored.additions);
BENCHMARK_CAPTURE(BM_ByPlaces, additions, explored.additions);
BENCHMARK_CAPTURE(BM_BySurw, additions, explored.additions);

void BM_ExecutionOnThreads(benchmark::State& state, Body body) {
  for (auto _ : state) body(nullptr);
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK_CAPTURE(BM_ExecutionOnThreads, loads_and_stores, plain.loads_and_stores)->UseRealTime();
BENCHMARK_CAPTURE(BM_ExecutionOnThreads, philosophers, plain.philosophers)->UseRealTime();

// Counter `times`: executions a second, over those of real threads. To be 40 at least without the
// detectors, which real threads do not have either.
void BM_ExecutionsPerThreadedOne(benchmark::State& state, Body body, Body on_threads) {
  constexpr int kExplored = 1000;
  constexpr int kThreaded = 40;
  double explored_s = 0, threaded_s = 0;
  for (auto _ : state) {
    const auto begin = Clock::now();
    for (int i = 0; i < kExplored; ++i) {
      if (explore(body, state.range(0) != 0) == 0) {
        return state.SkipWithError("an execution failed");
      }
    }
    explored_s += seconds_since(begin);
    const auto between = Clock::now();
    for (int i = 0; i < kThreaded; ++i) on_threads(nullptr);
    threaded_s += seconds_since(between);
  }
  state.counters["times"] = (threaded_s / kThreaded) / (explored_s / kExplored);
}
BENCHMARK_CAPTURE(BM_ExecutionsPerThreadedOne, loads_and_stores, explored.loads_and_stores,
                  plain.loads_and_stores)
    ->Apply(with_and_without_detectors)
    ->UseRealTime();
BENCHMARK_CAPTURE(BM_ExecutionsPerThreadedOne, philosophers, explored.philosophers,
                  plain.philosophers)
    ->Apply(with_and_without_detectors)
    ->UseRealTime();

#if defined(WEFT_HAVE_BOOST_CONTEXT)
// There and back, again and again, until destroyed.
class OtherFiber {
 public:
  OtherFiber()
      : fiber_([this](boost::context::fiber&& caller) {
          while (!ends_) caller = std::move(caller).resume();
          return std::move(caller);
        }) {}
  ~OtherFiber() {
    ends_ = true;
    visit();
  }
  void visit() { fiber_ = std::move(fiber_).resume(); }

 private:
  bool ends_ = false;
  boost::context::fiber fiber_;
};

void BM_BoostSwitchPair(benchmark::State& state) {
  OtherFiber other;
  for (auto _ : state) other.visit();
}
BENCHMARK(BM_BoostSwitchPair);

// Counter `times`: a scheduling point over a pair of switches. To be 5 at most without the
// detectors, of which a switch of fibers knows nothing either.
void BM_PointPerBoostSwitchPair(benchmark::State& state) {
  OtherFiber other;
  double points_s = 0, pairs_s = 0;
  std::uint64_t points = 0, pairs = 0;
  for (auto _ : state) {
    const auto begin = Clock::now();
    const std::uint64_t more = explore(explored.additions, state.range(0) != 0);
    points_s += seconds_since(begin);
    if (more == 0) return state.SkipWithError("an execution failed");
    points += more;
    const auto between = Clock::now();
    for (std::uint64_t i = 0; i < more; ++i) other.visit();
    pairs_s += seconds_since(between);
    pairs += more;
  }
  const double point_ns = 1e9 * points_s / static_cast<double>(points);
  const double pair_ns = 1e9 * pairs_s / static_cast<double>(pairs);
  state.counters["point_ns"] = point_ns;
  state.counters["pair_ns"] = pair_ns;
  state.counters["times"] = point_ns / pair_ns;
}
BENCHMARK(BM_PointPerBoostSwitchPair)->Apply(with_and_without_detectors);
#endif

}  // namespace
}  // namespace weft::benchmarks
