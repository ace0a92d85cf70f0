// What a lock costs: alone, under contention with work inside and outside, and nested.
//
// Peers: the standard's mutexes, a pthread_mutex_t of the kind that spins first, and boost::mutex,
// tbb::mutex and absl::Mutex where the system has them. A spin lock wins where waits are short and
// every thread has a processor; tbb::spin_mutex shows what going to sleep costs, and is a limit and
// no peer: it never sleeps.
#include <benchmark/benchmark.h>
#include <pthread.h>

#include <mutex>

#include "benchmarks/threading/shared.h"
#include "benchmarks/work/work.h"
#include "primitives/threading/lock.h"
#include "primitives/threading/rlock.h"

#ifdef WEFT_HAVE_BOOST
#include <boost/thread/mutex.hpp>
#endif
#ifdef WEFT_HAVE_ONETBB
#include <oneapi/tbb/mutex.h>
#include <oneapi/tbb/spin_mutex.h>
#endif
#ifdef WEFT_HAVE_ABSEIL
#include <absl/synchronization/mutex.h>
#endif

namespace weft::benchmarks {
namespace {

class PosixAdaptiveMutex {
 public:
  void lock() { (void)pthread_mutex_lock(&mutex_); }
  void unlock() { (void)pthread_mutex_unlock(&mutex_); }

 private:
  pthread_mutex_t mutex_ = PTHREAD_ADAPTIVE_MUTEX_INITIALIZER_NP;
};

#ifdef WEFT_HAVE_ONETBB
using LimitTbbSpinMutex = tbb::spin_mutex;
#endif

#ifdef WEFT_HAVE_ABSEIL
// absl::Mutex in the shape of the standard's.
class AbslMutex {
 public:
  // The analysis wants a capability, which the template's other locks are not.
  void lock() ABSL_NO_THREAD_SAFETY_ANALYSIS { mutex_.Lock(); }
  void unlock() ABSL_NO_THREAD_SAFETY_ANALYSIS { mutex_.Unlock(); }

 private:
  absl::Mutex mutex_;
};
#endif

template <class Lock>
void BM_LockUncontended(benchmark::State& state) {
  Lock lock;
  for (auto _ : state) {
    lock.lock();
    benchmark::ClobberMemory();
    lock.unlock();
  }
}

template <class Lock>
void BM_RLockNested(benchmark::State& state) {
  Lock lock;
  lock.lock();
  for (auto _ : state) {
    lock.lock();
    benchmark::ClobberMemory();
    lock.unlock();
  }
  lock.unlock();
}

// Without work outside the lock, whoever has it keeps taking it again and the others starve: a
// figure for a program that does nothing else.
template <class Lock>
void BM_LockContended(benchmark::State& state) {
  Lock& lock = Shared<Lock>::get();
  const Work inside(static_cast<std::uint64_t>(state.range(0)));
  const Work outside(static_cast<std::uint64_t>(state.range(1)));
  for (auto _ : state) {
    lock.lock();
    inside();
    lock.unlock();
    outside();
  }
  state.SetItemsProcessed(state.iterations());
}

template <class Lock>
void contended(benchmark::internal::Benchmark* benchmark) {
  benchmark->ArgNames({"inside_ns", "outside_ns"})
      ->Args({0, 0})
      ->Args({50, 500})
      ->Args({500, 500})
      ->ThreadRange(1, 8)
      ->UseRealTime()
      ->Setup(Shared<Lock>::make)
      ->Teardown(Shared<Lock>::drop);
}

#define WEFT_LOCK_BENCHMARKS(Lock)                    \
  BENCHMARK(BM_LockUncontended<Lock>)->UseRealTime(); \
  BENCHMARK(BM_LockContended<Lock>)->Apply(contended<Lock>)

WEFT_LOCK_BENCHMARKS(weft::Lock);
WEFT_LOCK_BENCHMARKS(std::mutex);
WEFT_LOCK_BENCHMARKS(PosixAdaptiveMutex);
#ifdef WEFT_HAVE_BOOST
WEFT_LOCK_BENCHMARKS(boost::mutex);
#endif
#ifdef WEFT_HAVE_ONETBB
WEFT_LOCK_BENCHMARKS(tbb::mutex);
WEFT_LOCK_BENCHMARKS(LimitTbbSpinMutex);
#endif
#ifdef WEFT_HAVE_ABSEIL
WEFT_LOCK_BENCHMARKS(AbslMutex);
#endif

#define WEFT_RLOCK_BENCHMARKS(Lock)                                                                \
  BENCHMARK(BM_LockUncontended<Lock>)->Name("BM_RLockUncontended<" #Lock ">")->UseRealTime();      \
  BENCHMARK(BM_LockContended<Lock>)->Name("BM_RLockContended<" #Lock ">")->Apply(contended<Lock>); \
  BENCHMARK(BM_RLockNested<Lock>)->UseRealTime()

WEFT_RLOCK_BENCHMARKS(weft::RLock);
WEFT_RLOCK_BENCHMARKS(std::recursive_mutex);

}  // namespace
}  // namespace weft::benchmarks
