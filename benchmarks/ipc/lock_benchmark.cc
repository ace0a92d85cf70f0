// What the locks between processes cost: when nobody else wants them, and when two processes do.
//
// Peers: a pthread mutex that is shared and robust, which knows other processes and their deaths;
// Boost.Interprocess's mutex and POSIX's semaphore, which know no deaths. std::mutex, which knows
// neither, is the limit.
#include <benchmark/benchmark.h>
#include <pthread.h>
#include <semaphore.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <new>
#include <thread>

#include "benchmarks/work/work.h"
#include "primitives/ipc/lock.h"
#include "primitives/ipc/rlock.h"
#include "primitives/ipc/semaphore.h"
#include "primitives/ipc/shared_object.h"
#include "primitives/ipc/value.h"
#include "primitives/process/process.h"

#ifdef WEFT_HAVE_BOOST
#include <boost/interprocess/sync/interprocess_mutex.hpp>
#endif

namespace weft::benchmarks {
namespace {

// POSIX's semaphore in shared memory, with one permit.
class PosixSharedSemaphore {
 public:
  PosixSharedSemaphore() { sem_init(shared_.get(), 1, 1); }
  void lock() {
    while (sem_wait(shared_.get()) != 0 && errno == EINTR) {
    }
  }
  void unlock() { sem_post(shared_.get()); }

 private:
  internal::SharedObject<sem_t> shared_ = internal::SharedObject<sem_t>::make();
};

// A pthread mutex in shared memory, of which an owner's death is told.
class RobustPthreadMutex {
 public:
  RobustPthreadMutex() {
    pthread_mutexattr_t attributes;
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
    pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
    pthread_mutex_init(shared_.get(), &attributes);
    pthread_mutexattr_destroy(&attributes);
  }
  void lock() { (void)pthread_mutex_lock(shared_.get()); }
  void unlock() { (void)pthread_mutex_unlock(shared_.get()); }

 private:
  internal::SharedObject<pthread_mutex_t> shared_ = internal::SharedObject<pthread_mutex_t>::make();
};

#ifdef WEFT_HAVE_BOOST
// In shared memory, too.
class BoostInterprocessMutex {
 public:
  void lock() { shared_->lock(); }
  void unlock() { shared_->unlock(); }

 private:
  using Mutex = boost::interprocess::interprocess_mutex;
  std::shared_ptr<void> bytes_ = internal::share_bytes(sizeof(Mutex));
  Mutex* shared_ = new (bytes_.get()) Mutex;  // never destroyed: nobody knows who uses it last
};
#endif

template <class Lock>
void BM_IpcLockUncontended(benchmark::State& state) {
  Lock lock;
  for (auto _ : state) {
    lock.lock();
    benchmark::ClobberMemory();
    lock.unlock();
  }
}

// How far each of two processes is. Each waits for the other by yielding, so that the lock alone
// may put somebody to sleep.
struct Rounds {
  std::atomic<long> of_parent{0};
  std::atomic<long> of_child{0};
};

constexpr int kRound = 1000;  // acquisitions of each process in an iteration

// An iteration is a round of both processes, from when both may begin until both have ended; its
// time is that of one acquisition.
template <class Lock>
void BM_IpcLockContended(benchmark::State& state) {
  Lock lock;
  const Work inside(static_cast<std::uint64_t>(state.range(0)));
  const Work outside(static_cast<std::uint64_t>(state.range(1)));
  const auto rounds = internal::SharedObject<Rounds>::make();
  const auto acquire = [&] {
    for (int i = 0; i < kRound; ++i) {
      lock.lock();
      inside();
      lock.unlock();
      outside();
    }
  };
  ipc::Process child({.daemon = true}, [&] {
    for (long round = 1;; ++round) {
      while (rounds->of_parent.load() < round) std::this_thread::yield();
      acquire();
      rounds->of_child.store(round);
    }
  });
  child.start();
  long round = 0;
  for (auto _ : state) {
    const auto begin = std::chrono::steady_clock::now();
    rounds->of_parent.store(++round);
    acquire();
    while (rounds->of_child.load() < round) std::this_thread::yield();
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    state.SetIterationTime(took.count() / (2 * kRound));
  }
  child.kill();
  child.join();
}

#define WEFT_IPC_LOCK_BENCHMARKS(Lock)                   \
  BENCHMARK(BM_IpcLockUncontended<Lock>)->UseRealTime(); \
  BENCHMARK(BM_IpcLockContended<Lock>)                   \
      ->ArgNames({"inside_ns", "outside_ns"})            \
      ->Args({0, 0})                                     \
      ->Args({50, 500})                                  \
      ->UseManualTime()                                  \
      ->Iterations(kIterations)

// Manual times are of one acquisition and an iteration has thousands, so it must be told how many.
constexpr int kIterations = 20;

WEFT_IPC_LOCK_BENCHMARKS(weft::ipc::Lock);
WEFT_IPC_LOCK_BENCHMARKS(RobustPthreadMutex);
#ifdef WEFT_HAVE_BOOST
WEFT_IPC_LOCK_BENCHMARKS(BoostInterprocessMutex);
#endif
// Knows no other processes, and shows what that costs.
BENCHMARK(BM_IpcLockUncontended<std::mutex>)
    ->Name("BM_IpcLockUncontended<LimitStdMutex>")
    ->UseRealTime();

BENCHMARK(BM_IpcLockUncontended<weft::ipc::RLock>)
    ->Name("BM_IpcRLockUncontended<weft::ipc::RLock>")
    ->UseRealTime();
BENCHMARK(BM_IpcLockUncontended<RobustPthreadMutex>)
    ->Name("BM_IpcRLockUncontended<RobustPthreadMutex>")
    ->UseRealTime();
BENCHMARK(BM_IpcLockUncontended<weft::ipc::Semaphore>)
    ->Name("BM_IpcSemaphoreUncontended<weft::ipc::Semaphore>")
    ->UseRealTime();
BENCHMARK(BM_IpcLockUncontended<PosixSharedSemaphore>)
    ->Name("BM_IpcSemaphoreUncontended<PosixSharedSemaphore>")
    ->UseRealTime();

void BM_IpcValueFetchAdd(benchmark::State& state) {
  ipc::Value<long> value;
  for (auto _ : state) benchmark::DoNotOptimize(value.fetch_add(1));
}
BENCHMARK(BM_IpcValueFetchAdd)->Name("BM_IpcFetchAdd<weft::ipc::Value>")->UseRealTime();

void BM_IpcRawValueFetchAdd(benchmark::State& state) {
  ipc::RawValue<long> value;
  for (auto _ : state) benchmark::DoNotOptimize(value.fetch_add(1));
}
BENCHMARK(BM_IpcRawValueFetchAdd)->Name("BM_IpcFetchAdd<weft::ipc::RawValue>")->UseRealTime();

}  // namespace
}  // namespace weft::benchmarks
