// One task at a time: submitted, and its result waited for. The median says more than the mean,
// which the kernel's few slow wake-ups decide; both are there.
//
// What it costs to wake a thread depends on where the two threads are, so the figure belongs to the
// processors that the process was given, and the same is measured on one. "idle_cpu" is the share
// of one processor that a pool uses which has had nothing to do for a millisecond.
//
// Peers: as in pool_benchmark.cc.
#include <benchmark/benchmark.h>
#include <time.h>

#include <algorithm>
#include <chrono>
#include <vector>

#include "benchmarks/pool/peer_pools.h"
#include "benchmarks/pool/workloads.h"
#include "benchmarks/threading/placement.h"
#include "primitives/threading/event.h"

namespace weft::benchmarks {
namespace {

using Clock = std::chrono::steady_clock;

double nanoseconds(Clock::duration duration) {
  return std::chrono::duration<double, std::nano>(duration).count();
}

template <class Pool>
void BM_PoolRoundTrip(benchmark::State& state) {
  Pool pool(static_cast<std::size_t>(state.range(0)));
  std::vector<double> times;
  for (auto _ : state) {
    const auto begin = Clock::now();
    if (pool.submit([] { return 1; }).get() != 1) state.SkipWithError("the value is wrong");
    times.push_back(nanoseconds(Clock::now() - begin));
  }
  std::sort(times.begin(), times.end());
  const auto at = [&](double share) {
    return times[static_cast<std::size_t>(share * static_cast<double>(times.size() - 1))];
  };
  state.counters["p50_ns"] = at(0.50);
  state.counters["p99_ns"] = at(0.99);
}

// Whoever is made here inherits the processor: without a choice the kernel's is no coin's toss. The
// process began with more, so the first milliseconds are those of a pool that looks in vain.
// //benchmarks:ratios measures a process that began on one.
template <class Pool>
void BM_PoolRoundTripOnOneProcessor(benchmark::State& state) {
  const Placement placed(1, 0);
  BM_PoolRoundTrip<Pool>(state);
}

double processor_seconds() {
  timespec time{};
  (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

template <class Pool>
void BM_PoolIdle(benchmark::State& state) {
  using std::chrono::milliseconds;
  Pool pool(static_cast<std::size_t>(state.range(0)));
  Event never;
  double used = 0;
  double passed = 0;
  for (auto _ : state) {
    (void)pool.submit([] { return 1; }).get();
    (void)never.wait_for(milliseconds(1));
    const double before = processor_seconds();
    const auto begin = Clock::now();
    (void)never.wait_for(milliseconds(100));
    used += processor_seconds() - before;
    passed += 1e-9 * nanoseconds(Clock::now() - begin);
  }
  state.counters["idle_cpu"] = used / passed;
}

#define WEFT_ROUND_TRIPS(Pool)                                                                \
  BENCHMARK(BM_PoolRoundTripOnOneProcessor<Pool>)->ArgName("workers")->Arg(2)->UseRealTime(); \
  BENCHMARK(BM_PoolRoundTrip<Pool>)->ArgName("workers")->Arg(2)->UseRealTime()

#define WEFT_IDLE_BENCHMARK(Pool) \
  BENCHMARK(BM_PoolIdle<Pool>)->ArgName("workers")->Arg(2)->UseRealTime()->Iterations(10)

#define WEFT_ROUND_TRIP_BENCHMARKS(Pool) \
  WEFT_ROUND_TRIPS(Pool);                \
  WEFT_IDLE_BENCHMARK(Pool)

WEFT_ROUND_TRIP_BENCHMARKS(WeftPool);
WEFT_ROUND_TRIP_BENCHMARKS(TextbookPool);
#ifdef WEFT_HAVE_BOOST
WEFT_ROUND_TRIP_BENCHMARKS(AsioPool);
#endif
#ifdef WEFT_HAVE_EIGEN
WEFT_ROUND_TRIP_BENCHMARKS(EigenPool);
#endif
#ifdef WEFT_HAVE_ONETBB
// Its waiting thread does the task itself: no hand-over, so no peer.
using LimitTbbTaskGroup = TbbTaskGroup;
WEFT_ROUND_TRIPS(LimitTbbTaskGroup);
WEFT_IDLE_BENCHMARK(TbbTaskGroup);
#endif

}  // namespace
}  // namespace weft::benchmarks
