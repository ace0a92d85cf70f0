// What a semaphore costs: alone, under contention, and as a signal between two threads.
//
// Peers: POSIX's sem_t, moodycamel::LightweightSemaphore where the system has it, and
// std::counting_semaphore alone and without contention: libstdc++'s loses wake-ups when several
// threads meet, so a contended run of it may never end.
#include <benchmark/benchmark.h>
#include <semaphore.h>

#include <cerrno>
#include <semaphore>

#include "benchmarks/threading/ping_pong.h"
#include "benchmarks/threading/placement.h"
#include "benchmarks/threading/shared.h"
#include "benchmarks/work/work.h"
#include "primitives/threading/semaphore.h"

#ifdef WEFT_HAVE_MOODYCAMEL
// Brings the semaphore too, whose own header does not compile alone.
#include <blockingconcurrentqueue.h>
#endif

namespace weft::benchmarks {
namespace {

class PosixSemaphore {
 public:
  explicit PosixSemaphore(int value) { sem_init(&semaphore_, 0, static_cast<unsigned>(value)); }
  ~PosixSemaphore() { sem_destroy(&semaphore_); }
  PosixSemaphore(const PosixSemaphore&) = delete;
  PosixSemaphore& operator=(const PosixSemaphore&) = delete;
  void acquire() {
    while (sem_wait(&semaphore_) != 0 && errno == EINTR) {
    }
  }
  void release() { sem_post(&semaphore_); }

 private:
  sem_t semaphore_;
};

#ifdef WEFT_HAVE_MOODYCAMEL
class MoodycamelSemaphore {
 public:
  explicit MoodycamelSemaphore(int value) : semaphore_(value) {}
  void acquire() {
    while (!semaphore_.wait()) {
    }
  }
  void release() { semaphore_.signal(); }

 private:
  moodycamel::LightweightSemaphore semaphore_;
};
#endif

template <class Semaphore>
void BM_SemaphoreUncontended(benchmark::State& state) {
  Semaphore semaphore(1);
  for (auto _ : state) {
    semaphore.acquire();
    benchmark::ClobberMemory();
    semaphore.release();
  }
}

template <class Semaphore>
struct OnePermit {
  Semaphore semaphore{1};
};

template <class Semaphore>
void BM_SemaphoreContended(benchmark::State& state) {
  Semaphore& semaphore = Shared<OnePermit<Semaphore>>::get().semaphore;
  const Work inside(static_cast<std::uint64_t>(state.range(0)));
  const Work outside(static_cast<std::uint64_t>(state.range(1)));
  for (auto _ : state) {
    semaphore.acquire();
    inside();
    semaphore.release();
    outside();
  }
  state.SetItemsProcessed(state.iterations());
}

template <class Semaphore>
struct TwoSignals {
  Semaphore ping{0};
  Semaphore pong{0};
};

// One round is there and back: each thread waits for the other twice as often as not.
template <class Semaphore>
void BM_SemaphorePingPong(benchmark::State& state) {
  TwoSignals<Semaphore>& signals = Shared<TwoSignals<Semaphore>>::get();
  const Placement placed(state.range(0), state.thread_index());
  const bool first = state.thread_index() == 0;
  for (auto _ : state) {
    if (first) {
      signals.ping.release();
      signals.pong.acquire();
    } else {
      signals.ping.acquire();
      signals.pong.release();
    }
  }
  if (first) state.SetItemsProcessed(state.iterations());
}

template <class Semaphore>
void contended(benchmark::internal::Benchmark* benchmark) {
  benchmark->ArgNames({"inside_ns", "outside_ns"})
      ->Args({0, 0})
      ->Args({50, 500})
      ->Threads(2)
      ->Threads(4)
      ->UseRealTime()
      ->Setup(Shared<OnePermit<Semaphore>>::make)
      ->Teardown(Shared<OnePermit<Semaphore>>::drop);
}

#define WEFT_SEMAPHORE_BENCHMARKS(Semaphore)                                \
  BENCHMARK(BM_SemaphoreUncontended<Semaphore>)->UseRealTime();             \
  BENCHMARK(BM_SemaphoreContended<Semaphore>)->Apply(contended<Semaphore>); \
  BENCHMARK(BM_SemaphorePingPong<Semaphore>)->Apply(ping_pong<TwoSignals<Semaphore>>)

WEFT_SEMAPHORE_BENCHMARKS(weft::Semaphore);
WEFT_SEMAPHORE_BENCHMARKS(PosixSemaphore);
#ifdef WEFT_HAVE_MOODYCAMEL
WEFT_SEMAPHORE_BENCHMARKS(MoodycamelSemaphore);
#endif
BENCHMARK(BM_SemaphoreUncontended<weft::BoundedSemaphore>)->UseRealTime();
BENCHMARK(BM_SemaphoreUncontended<std::counting_semaphore<>>)->UseRealTime();

}  // namespace
}  // namespace weft::benchmarks
