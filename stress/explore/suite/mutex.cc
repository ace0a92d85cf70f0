// The standard mutexes that are held by one thread at a time, and what locks several of them.
#include <array>
#include <chrono>
#include <mutex>

#include "stress/explore/suite/pauses.h"
#include "stress/explore/suite/specimen.h"

namespace weft::suite {
namespace {

using std::chrono::milliseconds;

template <class Mutex>
void two_add(Run& run) {
  Mutex mutex;
  int value = 0;
  const auto add = [&] {
    const std::lock_guard lock(mutex);
    ++value;
  };
  run.thread(add);
  run.thread(add);
  run.join();
  run.require(value == 2, "nothing is lost under a lock");
}

const Specimen excludes({.name = "Mutex.ExcludesTheOther", .holds = true}, two_add<std::mutex>);
const Specimen recursive({.name = "RecursiveMutex.ExcludesTheOther", .holds = true},
                         two_add<std::recursive_mutex>);
const Specimen timed({.name = "TimedMutex.ExcludesTheOther", .holds = true},
                     two_add<std::timed_mutex>);
const Specimen recursive_timed({.name = "RecursiveTimedMutex.ExcludesTheOther", .holds = true},
                               two_add<std::recursive_timed_mutex>);

const Specimen attempt({.name = "Mutex.TryLockFailsWhileHeld", .holds = true}, [](Run& run) {
  std::mutex mutex;
  int inside = 0;
  const auto enter = [&] {
    const std::unique_lock lock(mutex, std::try_to_lock);
    if (!lock) return;
    run.require(++inside == 1, "whoever gets it is alone");
    --inside;
  };
  run.thread(enter);
  run.thread(enter);
  run.join();
});

template <class Mutex>
void relock(Run& run) {
  Mutex mutex;
  int value = 0;
  const auto add = [&] {
    const std::lock_guard outer(mutex);
    const int before = value;
    {
      const std::lock_guard inner(mutex);
      run.require(mutex.try_lock(), "its holder may lock it again");
      mutex.unlock();
    }
    value = before + 1;
  };
  run.thread(add);
  run.thread(add);
  run.join();
  run.require(value == 2, "it is free when unlocked as often as locked");
}

const Specimen again({.name = "RecursiveMutex.ItsHolderLocksAgain", .holds = true},
                     relock<std::recursive_mutex>);
const Specimen timed_again({.name = "RecursiveTimedMutex.ItsHolderLocksAgain", .holds = true},
                           relock<std::recursive_timed_mutex>);

template <class Mutex>
void give_up(Run& run) {
  Mutex mutex;
  mutex.lock();
  run.thread([&] {
    run.require(!mutex.try_lock_for(milliseconds(2)), "a wait for a held lock ends by time");
    run.require(!mutex.try_lock_until(std::chrono::steady_clock::now() + milliseconds(1)),
                "a wait by the steady clock ends by time");
    run.require(!mutex.try_lock_until(std::chrono::system_clock::now() + milliseconds(1)),
                "a wait by the system clock ends by time");
    run.require(!mutex.try_lock_for(milliseconds(-1)), "a time-out in the past is one");
  });
  run.join();
  mutex.unlock();
  run.require(mutex.try_lock_for(std::chrono::hours(1)), "a free lock is taken");
  mutex.unlock();
}

const Specimen timed_gives_up({.name = "TimedMutex.GivesUp", .holds = true},
                              give_up<std::timed_mutex>);
const Specimen recursive_gives_up({.name = "RecursiveTimedMutex.GivesUp", .holds = true},
                                  give_up<std::recursive_timed_mutex>);

const Specimen scoped({.name = "ScopedLock.TakesTwoInAnyOrder"}, [](Run& run) {
  std::mutex a;
  std::mutex b;
  int value = 0;
  run.thread([&] {
    const std::scoped_lock both(a, b);
    ++value;
  });
  run.thread([&] {
    const std::scoped_lock both(b, a);
    ++value;
  });
  run.join();
  run.require(value == 2, "both got both");
});

const Specimen free_lock({.name = "ScopedLock.StdLockTakesThree"}, [](Run& run) {
  std::array<std::mutex, 3> mutexes;
  int value = 0;
  const auto add = [&](int first) {
    std::unique_lock one(mutexes[first % 3], std::defer_lock);
    std::unique_lock two(mutexes[(first + 1) % 3], std::defer_lock);
    std::unique_lock three(mutexes[(first + 2) % 3], std::defer_lock);
    std::lock(one, two, three);
    ++value;
  };
  for (int i = 0; i < 3; ++i) run.thread([&, i] { add(i); });
  run.join();
  run.require(value == 3, "each got all");
});

const Specimen twice({.name = "Mutex.LockedTwiceByOneThread",
                      .violates = Kind::kDeadlock,
                      .says = "locks again what it holds"},
                     [](Run& run) {
                       std::mutex mutex;
                       run.thread([&] {
                         mutex.lock();
                         mutex.lock();
                       });
                       run.join();
                     });

const Specimen crosswise({.name = "Mutex.TwoTakenCrosswise",
                          .violates = Kind::kDeadlock,
                          .says = "held by"},
                         [](Run& run) {
                           std::mutex a;
                           std::mutex b;
                           run.thread([&] {
                             const std::lock_guard first(a);
                             const std::lock_guard second(b);
                           });
                           run.thread([&] {
                             const std::lock_guard first(b);
                             const std::lock_guard second(a);
                           });
                           run.join();
                         });

const Specimen stranger({.name = "Mutex.UnlockedByAStranger",
                         .violates = Kind::kMisuse,
                         .says = "a thread that does not hold it"},
                        [](Run& run) {
                          std::mutex mutex;
                          mutex.lock();
                          run.thread([&] { mutex.unlock(); });
                          run.join();
                        });

const Specimen nobody({.name = "Mutex.UnlockedThoughFree",
                       .violates = Kind::kMisuse,
                       .says = "nobody holds"},
                      [](Run&) {
                        std::mutex mutex;
                        mutex.unlock();
                      });

const Specimen too_few({.name = "RecursiveMutex.UnlockedTooSeldom",
                        .violates = Kind::kDeadlock,
                        .says = "held by"},
                       [](Run& run) {
                         std::recursive_mutex mutex;
                         const auto enter = [&] {
                           mutex.lock();
                           mutex.lock();
                           mutex.unlock();
                         };
                         run.thread("first", enter);
                         run.thread("second", enter);
                         run.join();
                       });

const Specimen no_luck({.name = "TimedMutex.TimeOutTakenForALock",
                        .violates = Kind::kMisuse,
                        .says = "a mutex was unlocked"},
                       [](Run& run) {
                         std::timed_mutex mutex;
                         const auto enter = [&] {
                           (void)mutex.try_lock_for(milliseconds(1));
                           mutex.unlock();
                         };
                         run.thread(enter);
                         run.thread(enter);
                         run.join();
                       });

const Specimen backing_off({.name = "RecursiveTimedMutex.HeldForEver",
                            .violates = Kind::kDeadlock,
                            .says = "held by"},
                           [](Run& run) {
                             std::recursive_timed_mutex mutex;
                             run.thread("holder", [&] { mutex.lock(); });
                             run.thread("waiter", [&] {
                               while (!mutex.try_lock_for(milliseconds(1))) {
                                 mutex.lock();
                               }
                             });
                             run.join();
                           });

const Specimen by_hand({.name = "ScopedLock.DoneByHandBacksOffForEver",
                        .violates = Kind::kLivelock,
                        .says = "unlock mutex"},
                       [](Run& run) {
                         std::mutex a;
                         std::mutex b;
                         std::mutex never;
                         never.lock();
                         const auto enter = [&](std::mutex& one, std::mutex& other) {
                           while (true) {
                             const std::lock_guard first(one);
                             const std::unique_lock second(other, std::try_to_lock);
                             const std::unique_lock third(never, std::try_to_lock);
                             if (second && third) return;
                           }
                         };
                         run.thread([&] { enter(a, b); });
                         run.thread([&] { enter(b, a); });
                         run.join();
                       });

}  // namespace
}  // namespace weft::suite
