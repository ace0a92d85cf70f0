// What a round of a barrier costs: every thread of the run arrives, then all go on.
//
// Peers: std::barrier, which spins before it sleeps, pthread_barrier_t, and boost::barrier where
// the system has it.
#ifdef WEFT_HAVE_BOOST
// With interruptions, which nobody here wants, it would need a library to link.
#define BOOST_THREAD_DONT_PROVIDE_INTERRUPTIONS
#include <boost/thread/lock_guard.hpp>
// Needs the header above, and does not include it.
#include <boost/thread/barrier.hpp>
#endif

#include <benchmark/benchmark.h>
#include <pthread.h>

#include <barrier>

#include "benchmarks/threading/placement.h"
#include "benchmarks/threading/shared.h"
#include "primitives/threading/barrier.h"

namespace weft::benchmarks {
namespace {

class WeftBarrier {
 public:
  explicit WeftBarrier(int threads) : barrier_(static_cast<std::size_t>(threads)) {}
  void arrive_and_wait() { barrier_.wait(); }

 private:
  weft::Barrier barrier_;
};

class PosixBarrier {
 public:
  explicit PosixBarrier(int threads) {
    pthread_barrier_init(&barrier_, nullptr, static_cast<unsigned>(threads));
  }
  ~PosixBarrier() { pthread_barrier_destroy(&barrier_); }
  PosixBarrier(const PosixBarrier&) = delete;
  PosixBarrier& operator=(const PosixBarrier&) = delete;
  void arrive_and_wait() { pthread_barrier_wait(&barrier_); }

 private:
  pthread_barrier_t barrier_;
};

#ifdef WEFT_HAVE_BOOST
class BoostBarrier {
 public:
  explicit BoostBarrier(int threads) : barrier_(static_cast<unsigned>(threads)) {}
  void arrive_and_wait() { barrier_.wait(); }

 private:
  boost::barrier barrier_;
};
#endif

template <class Barrier>
void BM_BarrierRound(benchmark::State& state) {
  Barrier& barrier = Shared<Barrier>::get();
  const Placement placed(state.range(0), state.thread_index());
  for (auto _ : state) barrier.arrive_and_wait();
  if (state.thread_index() == 0) state.SetItemsProcessed(state.iterations());
}

template <class Barrier>
void rounds(benchmark::internal::Benchmark* benchmark) {
  three_ways(benchmark);
  benchmark->Threads(2)
      ->Threads(4)
      ->UseRealTime()
      ->Setup(Shared<Barrier>::make_for_threads)
      ->Teardown(Shared<Barrier>::drop);
}

BENCHMARK(BM_BarrierRound<WeftBarrier>)->Apply(rounds<WeftBarrier>);
BENCHMARK(BM_BarrierRound<std::barrier<>>)->Apply(rounds<std::barrier<>>);
BENCHMARK(BM_BarrierRound<PosixBarrier>)->Apply(rounds<PosixBarrier>);
#ifdef WEFT_HAVE_BOOST
BENCHMARK(BM_BarrierRound<BoostBarrier>)->Apply(rounds<BoostBarrier>);
#endif

}  // namespace
}  // namespace weft::benchmarks
