// Locks that are taken in orders which contradict each other, or do not, though it looks like it.
#include <pthread.h>
#include <semaphore.h>

#include <atomic>
#include <chrono>
#include <mutex>
#include <shared_mutex>
#include <thread>

#include "primitives/threading/lock.h"
#include "stress/explore/suite/specimen.h"

namespace weft::suite {
namespace {

constexpr std::string_view kNotForThreadSanitizer =
    "ThreadSanitizer knows no gates, no readers and no joins here, and calls it an inversion";

// `one` and then `other` at the same time as `other` and then `one`, but never so that they meet: a
// flag that the lock order knows nothing of keeps them apart.
template <class Mutex>
void in_both_orders(Run& run) {
  Mutex one;
  Mutex other;
  std::atomic<bool> first_is_over{false};
  run.thread("left", [&] {
    one.lock();
    other.lock();
    other.unlock();
    one.unlock();
    first_is_over = true;
  });
  run.thread("right", [&] {
    while (!first_is_over) std::this_thread::yield();
    other.lock();
    one.lock();
    one.unlock();
    other.unlock();
  });
  run.join();
}

// Enough is too little to try every schedule.
const Options few{.executions = 40, .strategy = "random_walk"};

struct SpinLock {
  SpinLock() { pthread_spin_init(&lock_, PTHREAD_PROCESS_PRIVATE); }
  ~SpinLock() { pthread_spin_destroy(&lock_); }
  SpinLock(const SpinLock&) = delete;
  SpinLock& operator=(const SpinLock&) = delete;
  void lock() { pthread_spin_lock(&lock_); }
  void unlock() { pthread_spin_unlock(&lock_); }

 private:
  pthread_spinlock_t lock_;
};

const Specimen mutexes({.name = "LockOrder.MutexesInBothOrders",
                        .violates = Kind::kLockInversion,
                        .says = "right took mutex 1 while it held mutex 2"},
                       in_both_orders<std::mutex>);
const Specimen shared_mutexes({.name = "LockOrder.SharedMutexesInBothOrders",
                               .violates = Kind::kLockInversion,
                               .says = "while it held shared mutex 2"},
                              in_both_orders<std::shared_mutex>);
const Specimen spin_locks({.name = "LockOrder.SpinLocksInBothOrders",
                           .violates = Kind::kLockInversion,
                           .says = "right took spin lock 1 while it held spin lock 2"},
                          in_both_orders<SpinLock>);
const Specimen locks({.name = "LockOrder.LocksInBothOrders",
                      .violates = Kind::kLockInversion,
                      .says = "right took Lock 1 while it held Lock 2"},
                     in_both_orders<Lock>);
const Specimen recursive_mutexes({.name = "LockOrder.RecursiveMutexesInBothOrders",
                                  .violates = Kind::kLockInversion,
                                  .says = "left took mutex 2 while it held mutex 1"},
                                 in_both_orders<std::recursive_mutex>);

const Specimen ring({.name = "LockOrder.RingOfThree",
                     .violates = Kind::kLockInversion,
                     .says = "two took mutex 1 while it held mutex 3"},
                    [](Run& run) {
                      std::mutex locks[3];
                      std::atomic<int> turn{0};
                      for (int i = 0; i < 3; ++i) {
                        constexpr const char* kNames[] = {"zero", "one", "two"};
                        run.thread(kNames[i], [&, i] {
                          while (turn != i) std::this_thread::yield();
                          {
                            const std::lock_guard first(locks[i]);
                            const std::lock_guard second(locks[(i + 1) % 3]);
                          }
                          ++turn;
                        });
                      }
                      run.join();
                    });

// A waiter gets its mutex back while it holds another.
const Specimen waiting({.name = "LockOrder.MutexOfAWaitTakenBack",
                        .violates = Kind::kLockInversion,
                        .says = "while it held"},
                       [](Run& run) {
                         pthread_mutex_t outer = PTHREAD_MUTEX_INITIALIZER;
                         pthread_mutex_t inner = PTHREAD_MUTEX_INITIALIZER;
                         pthread_cond_t came = PTHREAD_COND_INITIALIZER;
                         bool is_there = false;
                         std::atomic<bool> is_over{false};
                         run.thread("waiter", [&] {
                           pthread_mutex_lock(&outer);
                           pthread_mutex_lock(&inner);
                           while (!is_there) pthread_cond_wait(&came, &outer);
                           pthread_mutex_unlock(&outer);
                           pthread_mutex_unlock(&inner);
                           is_over = true;
                         });
                         run.thread("notifier", [&] {
                           pthread_mutex_lock(&outer);
                           is_there = true;
                           pthread_cond_signal(&came);
                           pthread_mutex_unlock(&outer);
                           while (!is_over) std::this_thread::yield();
                           pthread_mutex_lock(&outer);
                           pthread_mutex_lock(&inner);
                           pthread_mutex_unlock(&inner);
                           pthread_mutex_unlock(&outer);
                         });
                         run.join();
                       });

const Specimen writers({.name = "LockOrder.ReaderAndWriterInBothOrders",
                        .violates = Kind::kLockInversion,
                        .says = "while it held"},
                       [](Run& run) {
                         std::shared_mutex one;
                         std::mutex other;
                         std::atomic<bool> first_is_over{false};
                         run.thread([&] {
                           {
                             const std::shared_lock first(one);
                             const std::lock_guard second(other);
                           }
                           first_is_over = true;
                         });
                         run.thread([&] {
                           while (!first_is_over) std::this_thread::yield();
                           const std::lock_guard first(other);
                           const std::lock_guard second(one);
                         });
                         run.join();
                       });

// --- It only looks like it -------------------------------------------------------

const Specimen gate({.name = "LockOrder.UnderAGate",
                     .explored_only = kNotForThreadSanitizer,
                     .options = few},
                    [](Run& run) {
                      std::mutex gate;
                      std::mutex one;
                      std::mutex other;
                      run.thread([&] {
                        const std::lock_guard outer(gate);
                        const std::lock_guard first(one);
                        const std::lock_guard second(other);
                      });
                      run.thread([&] {
                        const std::lock_guard outer(gate);
                        const std::lock_guard first(other);
                        const std::lock_guard second(one);
                      });
                      run.join();
                    });

// As many seats as forks would be one too many.
const Specimen seats({.name = "LockOrder.UnderASemaphore",
                      .explored_only = kNotForThreadSanitizer,
                      .options = few},
                     [](Run& run) {
                       sem_t seats;
                       sem_init(&seats, 0, 1);
                       std::mutex one;
                       std::mutex other;
                       const auto take = [&](std::mutex& first, std::mutex& second) {
                         sem_wait(&seats);
                         {
                           const std::lock_guard hold_first(first);
                           const std::lock_guard hold_second(second);
                         }
                         sem_post(&seats);
                       };
                       run.thread([&] { take(one, other); });
                       run.thread([&] { take(other, one); });
                       run.join();
                       sem_destroy(&seats);
                     });

const Specimen one_thread({.name = "LockOrder.OneThreadInBothOrders",
                           .explored_only = kNotForThreadSanitizer,
                           .options = few},
                          [](Run& run) {
                            std::mutex one;
                            std::mutex other;
                            run.thread([&] {
                              {
                                const std::lock_guard first(one);
                                const std::lock_guard second(other);
                              }
                              const std::lock_guard first(other);
                              const std::lock_guard second(one);
                            });
                            run.join();
                          });

const Specimen one_after_the_other({.name = "LockOrder.OneThreadAfterTheOther",
                                    .explored_only = kNotForThreadSanitizer,
                                    .options = few},
                                   [](Run& run) {
                                     std::mutex one;
                                     std::mutex other;
                                     run.thread([&] {
                                       const std::lock_guard first(one);
                                       const std::lock_guard second(other);
                                     });
                                     run.join();
                                     run.thread([&] {
                                       const std::lock_guard first(other);
                                       const std::lock_guard second(one);
                                     });
                                     run.join();
                                   });

const Specimen before_creation({.name = "LockOrder.BeforeTheThreadBegan",
                                .explored_only = kNotForThreadSanitizer,
                                .options = few},
                               [](Run& run) {
                                 std::mutex one;
                                 std::mutex other;
                                 {
                                   const std::lock_guard first(other);
                                   const std::lock_guard second(one);
                                 }
                                 run.thread([&] {
                                   const std::lock_guard first(one);
                                   const std::lock_guard second(other);
                                 });
                                 run.join();
                               });

template <class Mutex>
void take_both(Run& run) {
  Mutex one;
  Mutex other;
  run.thread([&] { const std::scoped_lock both(one, other); });
  run.thread([&] { const std::scoped_lock both(other, one); });
  run.join();
}
const Specimen scoped({.name = "LockOrder.ScopedLockOfTwoMutexes", .options = few},
                      take_both<std::mutex>);
const Specimen scoped_locks({.name = "LockOrder.ScopedLockOfTwoLocks", .options = few},
                            take_both<Lock>);

const Specimen time_out({.name = "LockOrder.WithATimeOut",
                         .explored_only = kNotForThreadSanitizer,
                         .options = few},
                        [](Run& run) {
                          using namespace std::chrono_literals;
                          std::timed_mutex one;
                          std::timed_mutex other;
                          run.thread([&] {
                            const std::lock_guard first(one);
                            if (other.try_lock_for(1ms)) other.unlock();
                          });
                          run.thread([&] {
                            const std::lock_guard first(other);
                            if (one.try_lock_for(1ms)) one.unlock();
                          });
                          run.join();
                        });

const Specimen readers({.name = "LockOrder.ReadersInBothOrders",
                        .explored_only = kNotForThreadSanitizer,
                        .options = few},
                       [](Run& run) {
                         std::shared_mutex one;
                         std::shared_mutex other;
                         run.thread([&] {
                           const std::shared_lock first(one);
                           const std::shared_lock second(other);
                         });
                         run.thread([&] {
                           const std::shared_lock first(other);
                           const std::shared_lock second(one);
                         });
                         run.join();
                       });

// Every schedule is run, and none deadlocks: so it is told, and violates nothing.
const Specimen no_deadlock({.name = "LockOrder.KeptApartByAFlag",
                            .holds = true,
                            .explored_only = kNotForThreadSanitizer},
                           [](Run& run) {
                             std::mutex one;
                             std::mutex other;
                             std::atomic<bool> first_is_over{false};
                             run.thread([&] {
                               {
                                 const std::lock_guard first(one);
                                 const std::lock_guard second(other);
                               }
                               first_is_over = true;
                             });
                             run.thread([&] {
                               if (!first_is_over) return;
                               const std::lock_guard first(other);
                               const std::lock_guard second(one);
                             });
                             run.join();
                           });

}  // namespace
}  // namespace weft::suite
