// What orders threads by locks, waits and threads' ends, and what looks as if it did.
#include <linux/futex.h>
#include <pthread.h>
#include <semaphore.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <barrier>
#include <chrono>
#include <condition_variable>
#include <future>
#include <latch>
#include <mutex>
#include <semaphore>
#include <shared_mutex>
#include <thread>

#include "stress/explore/suite/specimen.h"

namespace weft::suite {
namespace {

// relaxed throughout: which orders there are is what each specimen here is about.
constexpr auto kRelaxed = std::memory_order_relaxed;
// acquire, release: those of one specimen pair with each other, or fail to, as its name says.
constexpr auto kAcquire = std::memory_order_acquire;
// acquire, release: those of one specimen pair with each other, or fail to, as its name says.
constexpr auto kRelease = std::memory_order_release;

template <class Mutex>
void two_add(Run& run, Mutex& one, Mutex& other) {
  int number = 0;
  const auto add = [&number](Mutex& mutex) {
    const std::lock_guard lock(mutex);
    ++number;
  };
  run.thread([&] { add(one); });
  run.thread([&] { add(other); });
  run.join();
  run.require(number == 2, "nothing is lost");
}
const Specimen same({.name = "RaceLock.OneMutexOrders", .holds = true}, [](Run& run) {
  std::mutex mutex;
  two_add(run, mutex, mutex);
});
const Specimen two({.name = "RaceLock.TwoMutexesDoNot", .violates = Kind::kDataRace}, [](Run& run) {
  std::mutex one, other;
  two_add(run, one, other);
});
const Specimen attempt_fails({.name = "RaceLock.FailedAttemptOrdersNothing",
                              .violates = Kind::kDataRace},
                             [](Run& run) {
                               std::mutex mutex;
                               int number = 0;
                               run.thread([&] {
                                 const std::lock_guard lock(mutex);
                                 ++number;
                               });
                               run.thread([&] {
                                 const bool got = mutex.try_lock();
                                 run.require(number <= 1, "");
                                 if (got) mutex.unlock();
                               });
                               run.join();
                             });

class Spin {
 public:
  Spin() { pthread_spin_init(&lock_, PTHREAD_PROCESS_PRIVATE); }
  ~Spin() { pthread_spin_destroy(&lock_); }
  void lock() { pthread_spin_lock(&lock_); }
  void unlock() { pthread_spin_unlock(&lock_); }

 private:
  pthread_spinlock_t lock_;
};
const Specimen spin({.name = "RaceLock.SpinLockOrders", .holds = true}, [](Run& run) {
  Spin lock;
  two_add(run, lock, lock);
});

template <class Lock>
void read_and_write(Run& run) {
  std::shared_mutex mutex;
  int number = 0;
  const auto read = [&] {
    const std::shared_lock lock(mutex);
    run.require(number <= 1, "");
  };
  run.thread(read);
  run.thread(read);
  run.thread([&] {
    const Lock lock(mutex);
    ++number;
  });
  run.join();
}
const Specimen writer({.name = "RaceLock.WriterIsOrderedWithReaders"},
                      read_and_write<std::unique_lock<std::shared_mutex>>);
const Specimen reader_writes({.name = "RaceLock.ReadersAreNotOrderedWithEachOther",
                              .violates = Kind::kDataRace},
                             read_and_write<std::shared_lock<std::shared_mutex>>);
// The first reader's unlocking does not release anything to the second.
const Specimen two_readers({.name = "RaceLock.AReaderReleasesNothingToAReader",
                            .violates = Kind::kDataRace},
                           [](Run& run) {
                             std::shared_mutex mutex;
                             int number = 0;
                             const auto add = [&] {
                               const std::shared_lock lock(mutex);
                               ++number;
                             };
                             run.thread(add);
                             run.thread(add);
                             run.join();
                           });

const Specimen posted({.name = "RaceWait.PostOrdersTheWait", .holds = true}, [](Run& run) {
  sem_t semaphore;
  sem_init(&semaphore, 0, 0);
  int number = 0;
  run.thread([&] {
    number = 1;
    sem_post(&semaphore);
  });
  run.thread([&] {
    sem_wait(&semaphore);
    run.require(number == 1, "");
  });
  run.join();
  sem_destroy(&semaphore);
});
const Specimen posted_first({.name = "RaceWait.WriteAfterThePostIsNotOrdered",
                             .violates = Kind::kDataRace},
                            [](Run& run) {
                              std::counting_semaphore<2> semaphore(0);
                              int number = 0;
                              run.thread([&] {
                                semaphore.release();
                                number = 1;
                              });
                              run.thread([&] {
                                semaphore.acquire();
                                run.require(number >= 0, "");
                              });
                              run.join();
                            });
const Specimen waited_not({.name = "RaceWait.FailedSemaphoreAttemptOrdersNothing",
                           .violates = Kind::kDataRace},
                          [](Run& run) {
                            sem_t semaphore;
                            sem_init(&semaphore, 0, 0);
                            int number = 0;
                            run.thread([&] {
                              number = 1;
                              sem_post(&semaphore);
                            });
                            run.thread([&] {
                              (void)sem_trywait(&semaphore);
                              run.require(number >= 0, "");
                            });
                            run.join();
                            sem_destroy(&semaphore);
                          });

void meet_and_read(Run& run, bool once_more) {
  pthread_barrier_t barrier;
  pthread_barrier_init(&barrier, nullptr, 2);
  int parts[2] = {};
  const auto work = [&](int own) {
    parts[own] = 1;
    pthread_barrier_wait(&barrier);
    run.require(parts[0] + parts[1] >= 2, "what was done before is seen behind");
    if (once_more) pthread_barrier_wait(&barrier);
    parts[own] = 2;
  };
  run.thread([&] { work(0); });
  run.thread([&] { work(1); });
  run.join();
  pthread_barrier_destroy(&barrier);
}
const Specimen met({.name = "RaceWait.BarrierOrdersItsRounds", .holds = true},
                   [](Run& run) { meet_and_read(run, true); });
const Specimen met_once({.name = "RaceWait.BehindABarrierNothingIsOrdered",
                         .violates = Kind::kDataRace},
                        [](Run& run) { meet_and_read(run, false); });
const Specimen latch({.name = "RaceWait.LatchOrders"}, [](Run& run) {
  std::latch done(2);
  int parts[2] = {};
  run.thread([&] {
    parts[0] = 1;
    done.count_down();
  });
  run.thread([&] {
    parts[1] = 1;
    done.count_down();
  });
  done.wait();
  run.require(parts[0] + parts[1] == 2, "");
  run.join();
});
const Specimen standard_barrier({.name = "RaceWait.StandardBarrierOrdersItsCompletion"},
                                [](Run& run) {
                                  int parts[2] = {};
                                  int sum = 0;
                                  const auto add = [&]() noexcept { sum = parts[0] + parts[1]; };
                                  std::barrier barrier(2, add);
                                  const auto work = [&](int own) {
                                    parts[own] = 1;
                                    barrier.arrive_and_wait();
                                    run.require(sum == 2, "");
                                  };
                                  run.thread([&] { work(0); });
                                  run.thread([&] { work(1); });
                                  run.join();
                                });

void wait_for_it(Run& run, bool reads_inside) {
  std::mutex mutex;
  std::condition_variable told;
  bool ready = false;
  int number = 0;
  run.thread([&] {
    {
      const std::lock_guard lock(mutex);
      number = 1;
      ready = true;
    }
    told.notify_one();
    if (!reads_inside) number = 2;
  });
  run.thread([&] {
    std::unique_lock lock(mutex);
    told.wait(lock, [&] { return ready; });
    run.require(number >= 1, "");
  });
  run.join();
}
const Specimen condition({.name = "RaceWait.MutexOfAConditionOrders", .holds = true},
                         [](Run& run) { wait_for_it(run, true); });
const Specimen notified({.name = "RaceWait.NotificationOrdersNothing", .violates = Kind::kDataRace},
                        [](Run& run) { wait_for_it(run, false); });

// The word is changed and looked at by relaxed accesses, so that only the kernel is left.
template <std::memory_order kStore, std::memory_order kLoad>
void sleep_on_a_word(Run& run) {
  std::atomic<int> word{0};
  int number = 0;
  run.thread([&] {
    number = 1;
    word.store(1, kStore);
    syscall(SYS_futex, &word, FUTEX_WAKE_PRIVATE, 1, nullptr, nullptr, 0);
  });
  run.thread([&] {
    while (word.load(kLoad) == 0) {
      syscall(SYS_futex, &word, FUTEX_WAIT_PRIVATE, 0, nullptr, nullptr, 0);
    }
    run.require(number == 1, "");
  });
  run.join();
}
const Specimen futex({.name = "RaceWait.FutexWithOrdersOrders", .holds = true},
                     sleep_on_a_word<kRelease, kAcquire>);
const Specimen futex_alone({.name = "RaceWait.FutexAloneOrdersNothing",
                            .violates = Kind::kDataRace},
                           sleep_on_a_word<kRelaxed, kRelaxed>);
const Specimen slept({.name = "RaceWait.SleepOrdersNothing", .violates = Kind::kDataRace},
                     [](Run& run) {
                       int number = 0;
                       run.thread([&] { number = 1; });
                       run.thread([&] {
                         // tidy-allow(sleep): the mistake is to rely on it
                         std::this_thread::sleep_for(std::chrono::seconds(1));
                         run.require(number == 1, "");
                       });
                       run.join();
                     });

const Specimen joined({.name = "RaceThread.JoinOrders", .holds = true}, [](Run& run) {
  int number = 0;
  std::thread other([&] { ++number; });
  other.join();
  ++number;
  std::thread another([&] { ++number; });
  another.join();
  run.require(number == 3, "");
});
const Specimen not_joined_yet({.name = "RaceThread.BeforeTheJoinNothingIsOrdered",
                               .violates = Kind::kDataRace},
                              [](Run&) {
                                int number = 0;
                                std::thread other([&] { ++number; });
                                ++number;
                                other.join();
                              });
const Specimen detached({.name = "RaceThread.DetachedThreadIsNotOrdered",
                         .violates = Kind::kDataRace},
                        [](Run& run) {
                          static int number;
                          number = 0;
                          std::atomic<bool> done{false};
                          std::thread([&] {
                            ++number;
                            done.store(true, kRelaxed);
                          }).detach();
                          while (!done.load(kRelaxed)) std::this_thread::yield();
                          run.require(number == 1, "");
                        });
const Specimen future({.name = "RaceThread.FutureOrders"}, [](Run& run) {
  int number = 0;
  std::future<int> result = std::async(std::launch::async, [&] { return number = 1; });
  run.require(result.get() == number, "");
});
const Specimen piped({.name = "RaceThread.WhatIsWrittenToAPipeOrders"}, [](Run& run) {
  int ends[2];
  run.require(pipe(ends) == 0, "there is a pipe");
  int number = 0;
  run.thread([&] {
    number = 1;
    run.require(write(ends[1], "x", 1) == 1, "");
  });
  run.thread([&] {
    char byte;
    run.require(read(ends[0], &byte, 1) == 1 && number == 1, "");
  });
  run.join();
  close(ends[0]);
  close(ends[1]);
});

const Specimen called_once({.name = "RaceOnce.CallOnceOrders", .holds = true}, [](Run& run) {
  std::once_flag once;
  int number = 0;
  const auto use = [&] {
    std::call_once(once, [&] { number = 1; });
    run.require(number == 1, "");
  };
  run.thread(use);
  run.thread(use);
  run.join();
});
const Specimen checked_twice({.name = "RaceOnce.PlainDoubleCheckRaces",
                              .violates = Kind::kDataRace},
                             [](Run& run) {
                               std::mutex mutex;
                               bool made = false;
                               int number = 0;
                               const auto use = [&] {
                                 if (!made) {
                                   const std::lock_guard lock(mutex);
                                   if (!made) number = 1;
                                   made = true;
                                 }
                                 run.require(number == 1, "");
                               };
                               run.thread(use);
                               run.thread(use);
                               run.join();
                             });
struct Made {
  int number = 1;
};
const Specimen local_static({.name = "RaceOnce.LocalStaticOrders"}, [](Run& run) {
  const auto use = [&] {
    static Made* made = new Made;
    run.require(made->number == 1, "");
  };
  run.thread(use);
  run.thread(use);
  run.join();
});

}  // namespace
}  // namespace weft::suite
