// What everything that can be locked has in common: Lock, RLock, Semaphore(1), BoundedSemaphore(1).
#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>
#include <type_traits>
#include <vector>

#include "primitives/base/errors.h"
#include "primitives/threading/event.h"
#include "primitives/threading/lock.h"
#include "primitives/threading/rlock.h"
#include "primitives/threading/semaphore.h"
#include "stress/check.h"
#include "stress/threading/support.h"

namespace weft {
namespace {

using testing_threads::briefly;
using testing_threads::Doomed;
using testing_threads::for_each_extreme_length;
using testing_threads::for_each_negative_length;
using testing_threads::kNotANumber;
using testing_threads::Sleeper;
using testing_threads::SlowClock;
using namespace std::chrono_literals;
using SteadyClock = std::chrono::steady_clock;

template <class L>
class Lockable : public testing::Test {};

struct Names {
  template <class L>
  static std::string GetName(int) {
    if constexpr (std::is_same_v<L, Lock>) return "Lock";
    if constexpr (std::is_same_v<L, RLock>) return "RLock";
    if constexpr (std::is_same_v<L, Semaphore>) return "Semaphore";
    return "BoundedSemaphore";
  }
};
using Lockables = testing::Types<Lock, RLock, Semaphore, BoundedSemaphore>;
TYPED_TEST_SUITE(Lockable, Lockables, Names);

// Whether another thread would get it at this moment.
template <class L>
bool is_free(L& lock) {
  bool taken = false;
  std::thread([&] {
    taken = lock.try_acquire();
    if (taken) lock.release();
  }).join();
  return taken;
}

// Calls `f` while another thread holds `lock`.
template <class L, class F>
void while_held_elsewhere(L& lock, F f) {
  Event held;
  Event done;
  std::thread holder([&] {
    std::unique_lock hold(lock);
    held.set();
    done.wait();
  });
  held.wait();
  f();
  done.set();
  holder.join();
}

TYPED_TEST(Lockable, StaysWhereItIs) {
  static_assert(!std::is_copy_constructible_v<TypeParam> && !std::is_copy_assignable_v<TypeParam>);
  static_assert(!std::is_move_constructible_v<TypeParam> && !std::is_move_assignable_v<TypeParam>);
  static_assert(noexcept(std::declval<TypeParam&>().unlock()), "guards' destructors call it");
  TypeParam lock;
  EXPECT_TRUE(is_free(lock));
}

TYPED_TEST(Lockable, IsHeldFromAcquireToRelease) {
  TypeParam lock;
  lock.acquire();
  EXPECT_FALSE(is_free(lock));
  lock.release();
  EXPECT_TRUE(is_free(lock));
  EXPECT_TRUE(lock.try_acquire());
  EXPECT_FALSE(is_free(lock));
  lock.release();
  EXPECT_TRUE(is_free(lock));
}

TYPED_TEST(Lockable, SerializesItsHolders) {
  check([](Run& run) {
    TypeParam lock;
    int inside = 0;  // not atomic: the lock alone guards them
    int total = 0;
    for (int t = 0; t < 3; ++t) {
      run.thread([&] {
        for (int i = 0; i < 20; ++i) {
          lock.acquire();
          run.require(++inside == 1, "one thread at a time holds the lock");
          ++total;
          --inside;
          lock.release();
        }
      });
    }
    run.join();
    run.require(total == 60, "no increment made under the lock is lost");
  });
}

// LK2: a thread that slept must take the lock with the mark that others may sleep behind it.
TYPED_TEST(Lockable, NobodySleepsBesideAFreeLock) {
  check([](Run& run) {
    TypeParam lock;
    for (int t = 0; t < 4; ++t) {
      run.thread([&, t] {
        for (int i = 0; i < 15; ++i) {
          // One kind of thread barges, the other queues up.
          if (t % 2 == 0) {
            while (!lock.try_acquire()) std::this_thread::yield();
          } else {
            lock.acquire();
          }
          lock.release();
        }
      });
    }
    run.join();
    run.require(is_free(lock), "the lock is free when all have released it");
  });
}

TYPED_TEST(Lockable, EachReleaseLetsOneWaiterThrough) {
  check(
      [](Run& run) {
        TypeParam lock;
        int through = 0;
        lock.acquire();
        for (int t = 0; t < 4; ++t) {
          run.thread([&] {
            std::scoped_lock hold(lock);
            ++through;
          });
        }
        run.start();
        lock.release();
        run.join();
        run.require(through == 4, "every waiter got the lock once");
      },
      briefly());
}

// LK1, SM3: release() touches the lock once to let it go, and not again.
TYPED_TEST(Lockable, TheNextHolderMayDestroyItAtOnce) {
  check([](Run& run) {
    Doomed<TypeParam> lock;
    int last = 0;
    for (int t = 0; t < 2; ++t) {
      run.thread([&] {
        lock->acquire();
        const bool is_last = ++last == 2;
        lock->release();
        // Who comes second knows that the first needs the lock no more.
        if (is_last) lock.end();
      });
    }
    run.join();
    run.require(last == 2, "both threads held the lock");
  });
}

TYPED_TEST(Lockable, MayBeDestroyedWhileHeld) {
  auto lock = std::make_unique<TypeParam>();
  lock->acquire();
  lock.reset();
  EXPECT_EQ(lock, nullptr);
}

TYPED_TEST(Lockable, ZeroOnlyLooks) {
  TypeParam lock;
  while_held_elsewhere(lock, [&] {
    EXPECT_FALSE(lock.acquire_for(0s));
    EXPECT_FALSE(lock.try_lock_for(0s));
    EXPECT_FALSE(lock.try_lock());
    EXPECT_FALSE(lock.acquire_until(SteadyClock::now()));
  });
  EXPECT_TRUE(lock.acquire_for(0s));
  lock.release();
}

TYPED_TEST(Lockable, AllLengthsAreLegalForTheStandardsTryLockFor) {
  TypeParam lock;
  while_held_elsewhere(lock, [&] {
    for_each_negative_length([&](auto length) { EXPECT_FALSE(lock.try_lock_for(length)); });
    EXPECT_FALSE(lock.try_lock_for(1ns));
  });
  const auto is_taken = [&](auto length) {
    EXPECT_TRUE(lock.try_lock_for(length));
    lock.unlock();
  };
  for_each_negative_length(is_taken);
  for_each_extreme_length(is_taken);
  is_taken(1ns);
}

TYPED_TEST(Lockable, NaNIsRefusedAndChangesNothing) {
  TypeParam lock;
  EXPECT_THROW((void)lock.acquire_for(kNotANumber), ValueError);
  EXPECT_THROW((void)lock.try_lock_for(kNotANumber), ValueError);
  EXPECT_TRUE(is_free(lock));
}

TYPED_TEST(Lockable, ATimeoutTooLongForTheClockWaitsForTheRelease) {
  for_each_extreme_length([](auto length) {
    check(
        [length](Run& run) {
          TypeParam lock;
          Sleeper sleeper;
          lock.acquire();
          run.thread([&] {
            sleeper.announce();
            if (run.require(lock.acquire_for(length), "it waited until the release")) lock.release();
          });
          run.start();
          sleeper.until_asleep();
          lock.release();
          run.join();
        },
        briefly());
  });
}

TYPED_TEST(Lockable, FarTimePointsNeitherOverflowNorEndTheWait) {
  using Hours = std::chrono::time_point<SteadyClock, std::chrono::hours>;
  using SystemHours = std::chrono::time_point<std::chrono::system_clock, std::chrono::hours>;
  TypeParam lock;
  const auto is_taken = [&](auto when) {
    EXPECT_TRUE(lock.acquire_until(when));
    lock.release();
  };
  while_held_elsewhere(lock, [&] {
    EXPECT_FALSE(lock.acquire_until(SteadyClock::time_point::min()));
    EXPECT_FALSE(lock.acquire_until(std::chrono::system_clock::time_point::min()));
    EXPECT_FALSE(lock.acquire_until(Hours::min()));
    EXPECT_FALSE(lock.acquire_until(SystemHours::min()));
  });
  is_taken(SteadyClock::time_point::max());
  is_taken(std::chrono::system_clock::time_point::max());
  is_taken(Hours::max());
  is_taken(SystemHours::max());
}

TYPED_TEST(Lockable, AUserClockDecidesWhenTheTimeIsOver) {
  TypeParam lock;
  while_held_elsewhere(lock, [&] {
    const auto begin = SteadyClock::now();
    EXPECT_FALSE(lock.acquire_until(SlowClock::now() + 5ms));
    // Its readings are whole microseconds, of its own.
    EXPECT_GE(SteadyClock::now() - begin, SlowClock::kSlowness * (5ms - 1us));
    EXPECT_FALSE(lock.acquire_until(std::chrono::system_clock::now() + 1ms));
  });
}

// LK6. The slack is generous because the machine may be busy; the median forgives a few late calls.
TYPED_TEST(Lockable, TimedWaitsEndSoonAfterTheirDeadlineAndNotBefore) {
  TypeParam lock;
  std::vector<SteadyClock::duration> late;
  while_held_elsewhere(lock, [&] {
    for (int i = 0; i < 15; ++i) {
      const auto begin = SteadyClock::now();
      EXPECT_FALSE(lock.acquire_for(2ms));
      late.push_back(SteadyClock::now() - begin - 2ms);
    }
  });
  std::ranges::sort(late);
  EXPECT_GE(late.front(), 0ns);
  EXPECT_LE(late[late.size() / 2], 50ms);
  EXPECT_TRUE(is_free(lock)) << "a timed-out acquire must leave the lock as it was";
}

TYPED_TEST(Lockable, ASignalHandlerThatReturnsDoesNotEndAWait) {
  struct sigaction handle {};
  handle.sa_handler = [](int) {};  // and no SA_RESTART: system calls return EINTR
  struct sigaction before {};
  ASSERT_EQ(sigaction(SIGUSR2, &handle, &before), 0);
  TypeParam lock;
  Sleeper sleeper;
  bool got_it_in_time = true;
  bool got_it_without_limit = false;
  Event second_wait;
  lock.acquire();
  std::thread waiter([&] {
    sleeper.announce();
    const auto begin = SteadyClock::now();
    got_it_in_time = lock.acquire_for(20ms);
    EXPECT_GE(SteadyClock::now() - begin, 20ms);
    second_wait.set();
    lock.acquire();
    got_it_without_limit = true;
    lock.release();
  });
  while (!second_wait.is_set()) {
    sleeper.until_asleep();
    pthread_kill(waiter.native_handle(), SIGUSR2);
  }
  for (int i = 0; i < 10; ++i) {
    sleeper.until_asleep();
    pthread_kill(waiter.native_handle(), SIGUSR2);
  }
  EXPECT_FALSE(got_it_without_limit);
  lock.release();
  waiter.join();
  EXPECT_FALSE(got_it_in_time);
  EXPECT_TRUE(got_it_without_limit);
  sigaction(SIGUSR2, &before, nullptr);
}

TYPED_TEST(Lockable, AStopRequestEndsTheWait) {
  check(
      [](Run& run) {
        TypeParam lock;
        std::stop_source stop;
        Sleeper sleeper;
        lock.acquire();
        run.thread([&] {
          sleeper.announce();
          run.require(!lock.acquire(stop.get_token()), "a stopped wait does not get the lock");
        });
        run.start();
        sleeper.until_asleep();
        stop.request_stop();
        run.join();
        lock.release();
        run.require(is_free(lock), "a stopped wait leaves the lock as it was");
      },
      briefly());
}

TYPED_TEST(Lockable, AStopRequestedBeforeEndsTheWaitButNotAnAcquireThatNeedsNone) {
  TypeParam lock;
  std::stop_source stop;
  stop.request_stop();
  while_held_elsewhere(lock, [&] { EXPECT_FALSE(lock.acquire(stop.get_token())); });
  EXPECT_TRUE(lock.acquire(stop.get_token()));
  lock.release();
  EXPECT_TRUE(lock.acquire(std::stop_token())) << "a token that nobody can stop";
  lock.release();
}

// CV10, SM2: a waiter that gives up while it is let go passes the lock on, or takes it.
TYPED_TEST(Lockable, AWaiterThatGivesUpDoesNotSwallowTheRelease) {
  check([](Run& run) {
    TypeParam lock;
    std::stop_source stop;
    lock.acquire();
    run.thread([&] {
      if (lock.acquire(stop.get_token())) lock.release();
    });
    run.thread([&] {
      if (lock.try_lock_for(100us)) lock.unlock();
    });
    run.thread([&] {
      lock.acquire();
      lock.release();
    });
    run.thread([&] { stop.request_stop(); });
    run.start();
    if (run.random().chance(1, 2)) std::this_thread::yield();
    lock.release();
    run.join();
    run.require(is_free(lock), "the lock is free when everybody has left");
  });
}

TYPED_TEST(Lockable, TheStandardsGuardsTakeAndReleaseIt) {
  TypeParam lock;
  {
    std::scoped_lock hold(lock);
    EXPECT_FALSE(is_free(lock));
  }
  EXPECT_TRUE(is_free(lock));
  try {
    std::lock_guard hold(lock);
    throw 1;
  } catch (int) {
  }
  EXPECT_TRUE(is_free(lock)) << "an exception releases it too";
  {
    std::unique_lock hold(lock, std::defer_lock);
    EXPECT_TRUE(hold.try_lock_for(1ms));
    hold.unlock();
    EXPECT_TRUE(hold.try_lock_until(SteadyClock::now()));
    hold.unlock();
    EXPECT_TRUE(hold.try_lock());
  }
  EXPECT_TRUE(is_free(lock));
}

TYPED_TEST(Lockable, StdLockTakesSeveralInAnyOrderWithoutDeadlock) {
  check([](Run& run) {
    TypeParam a;
    TypeParam b;
    int total = 0;
    run.thread([&] {
      for (int i = 0; i < 10; ++i) {
        std::scoped_lock hold(a, b);
        ++total;
      }
    });
    run.thread([&] {
      for (int i = 0; i < 10; ++i) {
        std::unique_lock hold_b(b, std::defer_lock);
        std::unique_lock hold_a(a, std::defer_lock);
        std::lock(hold_b, hold_a);
        ++total;
      }
    });
    run.join();
    run.require(total == 20, "both locks were held for every increment");
  });
}

TYPED_TEST(Lockable, ConditionVariableAnyWaitsWithIt) {
  check([](Run& run) {
    TypeParam lock;
    std::condition_variable_any changed;
    bool ready = false;
    run.thread([&] {
      std::unique_lock hold(lock);
      changed.wait(hold, [&] { return ready; });
      run.require(ready, "the wait ended with the predicate true and the lock held");
    });
    run.thread([&] {
      {
        std::scoped_lock hold(lock);
        ready = true;
      }
      changed.notify_all();
    });
    run.join();
  });
}

}  // namespace
}  // namespace weft
