// What the locks between processes cost when nobody else wants them.
//
// Peers: std::mutex, which knows neither other processes nor deaths; a pthread mutex that is shared
// and robust, which knows both; and Boost.Interprocess's mutex, which knows no deaths.
#include <benchmark/benchmark.h>
#include <pthread.h>

#include <memory>
#include <mutex>
#include <new>

#include "primitives/ipc/lock.h"
#include "primitives/ipc/rlock.h"
#include "primitives/ipc/semaphore.h"
#include "primitives/ipc/shared_object.h"
#include "primitives/ipc/value.h"

#ifdef WEFT_HAVE_BOOST
#include <boost/interprocess/sync/interprocess_mutex.hpp>
#endif

namespace weft::benchmarks {
namespace {

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

BENCHMARK(BM_IpcLockUncontended<weft::ipc::Lock>)->UseRealTime();
BENCHMARK(BM_IpcLockUncontended<weft::ipc::RLock>)->UseRealTime();
BENCHMARK(BM_IpcLockUncontended<weft::ipc::Semaphore>)->UseRealTime();
BENCHMARK(BM_IpcLockUncontended<std::mutex>)->UseRealTime();
BENCHMARK(BM_IpcLockUncontended<RobustPthreadMutex>)->UseRealTime();
#ifdef WEFT_HAVE_BOOST
BENCHMARK(BM_IpcLockUncontended<BoostInterprocessMutex>)->UseRealTime();
#endif

void BM_IpcValueFetchAdd(benchmark::State& state) {
  ipc::Value<long> value;
  for (auto _ : state) benchmark::DoNotOptimize(value.fetch_add(1));
}
BENCHMARK(BM_IpcValueFetchAdd)->UseRealTime();

void BM_IpcRawValueFetchAdd(benchmark::State& state) {
  ipc::RawValue<long> value;
  for (auto _ : state) benchmark::DoNotOptimize(value.fetch_add(1));
}
BENCHMARK(BM_IpcRawValueFetchAdd)->UseRealTime();

}  // namespace
}  // namespace weft::benchmarks
