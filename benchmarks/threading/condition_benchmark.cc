// What a condition costs: telling nobody, and two threads that take turns under one lock.
//
// Peers: std::condition_variable, pthread_cond_t, and boost::condition_variable and absl::CondVar
// where the system has them, each with its own mutex.
#ifdef WEFT_HAVE_BOOST
// With interruptions, which nobody here wants, it would need a library to link.
#define BOOST_THREAD_DONT_PROVIDE_INTERRUPTIONS
#include <boost/thread/lock_guard.hpp>
// Needs the header above, and does not include it.
#include <boost/thread/condition_variable.hpp>
#endif

#include <benchmark/benchmark.h>
#include <pthread.h>

#include <condition_variable>
#include <mutex>

#include "benchmarks/threading/ping_pong.h"
#include "benchmarks/threading/placement.h"
#include "benchmarks/threading/shared.h"
#include "primitives/threading/condition.h"
#include "primitives/threading/lock.h"

#ifdef WEFT_HAVE_ABSEIL
#include <absl/synchronization/mutex.h>
#endif

namespace weft::benchmarks {
namespace {

// All in one shape: a lock with two conditions, by number. wait() and notify() want the lock held.
class WeftConditions {
 public:
  void lock() { lock_.lock(); }
  void unlock() { lock_.unlock(); }
  void wait(int which) { conditions_[which].wait(); }
  void notify(int which) { conditions_[which].notify(); }

 private:
  weft::Lock lock_;
  weft::Condition conditions_[2] = {weft::Condition(lock_), weft::Condition(lock_)};
};

class StdConditions {
 public:
  void lock() { mutex_.lock(); }
  void unlock() { mutex_.unlock(); }
  void wait(int which) {
    std::unique_lock hold(mutex_, std::adopt_lock);
    conditions_[which].wait(hold);
    hold.release();
  }
  void notify(int which) { conditions_[which].notify_one(); }

 private:
  std::mutex mutex_;
  std::condition_variable conditions_[2];
};

class PosixConditions {
 public:
  void lock() { (void)pthread_mutex_lock(&mutex_); }
  void unlock() { (void)pthread_mutex_unlock(&mutex_); }
  void wait(int which) { (void)pthread_cond_wait(&conditions_[which], &mutex_); }
  void notify(int which) { (void)pthread_cond_signal(&conditions_[which]); }

 private:
  pthread_mutex_t mutex_ = PTHREAD_MUTEX_INITIALIZER;
  pthread_cond_t conditions_[2] = {PTHREAD_COND_INITIALIZER, PTHREAD_COND_INITIALIZER};
};

#ifdef WEFT_HAVE_BOOST
class BoostConditions {
 public:
  void lock() { mutex_.lock(); }
  void unlock() { mutex_.unlock(); }
  void wait(int which) {
    boost::unique_lock<boost::mutex> hold(mutex_, boost::adopt_lock);
    conditions_[which].wait(hold);
    hold.release();
  }
  void notify(int which) { conditions_[which].notify_one(); }

 private:
  boost::mutex mutex_;
  boost::condition_variable conditions_[2];
};
#endif

#ifdef WEFT_HAVE_ABSEIL
class AbslConditions {
 public:
  // The analysis wants a capability, which the template's other locks are not.
  void lock() ABSL_NO_THREAD_SAFETY_ANALYSIS { mutex_.Lock(); }
  void unlock() ABSL_NO_THREAD_SAFETY_ANALYSIS { mutex_.Unlock(); }
  void wait(int which) ABSL_NO_THREAD_SAFETY_ANALYSIS { conditions_[which].Wait(&mutex_); }
  void notify(int which) { conditions_[which].Signal(); }

 private:
  absl::Mutex mutex_;
  absl::CondVar conditions_[2];
};
#endif

template <class Conditions>
void BM_ConditionNotifyNobody(benchmark::State& state) {
  Conditions conditions;
  for (auto _ : state) {
    conditions.lock();
    conditions.notify(0);
    conditions.unlock();
  }
}

template <class Conditions>
struct Turns {
  Conditions conditions;
  int turn = 0;  // whose it is; guarded by the lock of `conditions`
};

// An iteration is a turn of each thread. The last turn of all is nobody's, so no thread is left.
template <class Conditions>
void BM_ConditionPingPong(benchmark::State& state) {
  Turns<Conditions>& turns = Shared<Turns<Conditions>>::get();
  const Placement placed(state.range(0), state.thread_index());
  const int me = state.thread_index();
  for (auto _ : state) {
    turns.conditions.lock();
    while (turns.turn != me) turns.conditions.wait(me);
    turns.turn = 1 - me;
    turns.conditions.notify(1 - me);
    turns.conditions.unlock();
  }
  if (me == 0) state.SetItemsProcessed(state.iterations());
}

#define WEFT_CONDITION_BENCHMARKS(Conditions)                     \
  BENCHMARK(BM_ConditionNotifyNobody<Conditions>)->UseRealTime(); \
  BENCHMARK(BM_ConditionPingPong<Conditions>)->Apply(ping_pong<Turns<Conditions>>)

WEFT_CONDITION_BENCHMARKS(WeftConditions);
WEFT_CONDITION_BENCHMARKS(StdConditions);
WEFT_CONDITION_BENCHMARKS(PosixConditions);
#ifdef WEFT_HAVE_BOOST
WEFT_CONDITION_BENCHMARKS(BoostConditions);
#endif
#ifdef WEFT_HAVE_ABSEIL
WEFT_CONDITION_BENCHMARKS(AbslConditions);
#endif

}  // namespace
}  // namespace weft::benchmarks
