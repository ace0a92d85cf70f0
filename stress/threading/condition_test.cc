// Condition: who is woken, when, and what happens to the lock meanwhile.
#include "primitives/threading/condition.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "primitives/base/errors.h"
#include "primitives/threading/lock.h"
#include "primitives/threading/rlock.h"
#include "stress/check.h"
#include "stress/threading/support.h"

namespace weft {
namespace {

using testing_threads::acquire_when;
using testing_threads::briefly;
using testing_threads::Doomed;
using testing_threads::message_of;
using namespace std::chrono_literals;

TEST(Condition, PassesForItsLock) {
  Condition condition;
  static_assert(!std::is_copy_constructible_v<Condition> &&
                !std::is_move_constructible_v<Condition>);
  static_assert(noexcept(condition.unlock()), "guards' destructors call it");
  {
    std::unique_lock hold(condition);
    EXPECT_TRUE(condition.try_lock()) << "its own lock is an RLock";
    condition.unlock();
    std::thread([&] { EXPECT_FALSE(condition.try_acquire()); }).join();
  }
  std::thread([&] {
    std::unique_lock hold(condition, std::try_to_lock);
    EXPECT_TRUE(hold.owns_lock());
  }).join();
  EXPECT_THROW(condition.release(), RuntimeError);
}

TEST(Condition, SharesTheLockItWasGivenWithOthers) {
  Lock lock;
  Condition not_empty(lock);
  Condition not_full(lock);
  std::scoped_lock hold(not_empty);
  EXPECT_TRUE(lock.locked());
  EXPECT_FALSE(not_full.try_acquire());
  EXPECT_NO_THROW(not_full.notify());
  RLock recursive;
  Condition other(recursive);
  recursive.acquire();
  EXPECT_NO_THROW(other.notify());
  recursive.release();
  EXPECT_THROW(other.notify(), RuntimeError);
}

TEST(Condition, WaitAndNotifyNeedTheLock) {
  Condition condition;
  EXPECT_EQ(message_of<RuntimeError>([&] { condition.wait(); }),
            "Condition::wait: the condition's lock is not held");
  EXPECT_EQ(message_of<RuntimeError>([&] { condition.notify(); }),
            "Condition::notify: the condition's lock is not held");
  EXPECT_EQ(message_of<RuntimeError>([&] { condition.notify_all(); }),
            "Condition::notify_all: the condition's lock is not held");
  EXPECT_THROW(condition.wait_for(0s), RuntimeError);
  EXPECT_THROW(condition.notify(0), RuntimeError);
  condition.acquire();
  std::thread([&] {
    EXPECT_THROW(condition.notify(), RuntimeError) << "held, but not by the caller";
    EXPECT_THROW(condition.wait(), RuntimeError);
  }).join();
  condition.release();
}

TEST(Condition, WithAPlainLockHeldMeansHeldByAnybody) {
  Lock lock;
  Condition condition(lock);
  lock.acquire();
  std::thread([&] { EXPECT_NO_THROW(condition.notify()); }).join();
  lock.release();
  EXPECT_THROW(condition.notify(), RuntimeError);
}

// The lock may go away between a stranger's check and its release: then the stranger gets the error
// and must not be left among the waiters.
TEST(Condition, AWaitThatFailsLeavesNoWaiterBehind) {
  check([](weft::Run& run) {
    Lock lock;
    Condition condition(lock);
    const auto ignoring_errors = [](auto f) {
      try {
        f();
      } catch (const RuntimeError&) {
      }
    };
    std::atomic<int> strangers{2};
    for (int t = 0; t < 2; ++t) {
      run.thread([&] {
        for (int i = 0; i < 20; ++i) ignoring_errors([&] { condition.wait_for(0s); });
        --strangers;
      });
    }
    run.thread([&] {
      // To the end: a stranger may wait for a lock that another has taken back and left held.
      while (strangers > 0) {
        (void)lock.try_acquire();
        ignoring_errors([&] { condition.notify(); });
        ignoring_errors([&] { lock.release(); });
      }
    });
    run.join();
  });
}

TEST(Condition, WaitGivesUpAllLevelsAndTakesThemBack) {
  check(
      [](weft::Run& run) {
        RLock lock;
        Condition condition(lock);
        bool ready = false;
        run.thread([&] {
          lock.acquire();
          lock.acquire();
          lock.acquire();
          while (!ready) condition.wait();
          run.require(lock.recursion_count() == 3, "all three levels came back");
          condition.wait_for(0s);
          run.require(lock.recursion_count() == 3, "also after a time-out");
          for (int level = 0; level < 3; ++level) lock.release();
        });
        run.thread([&] {
          std::scoped_lock hold(lock);
          ready = true;
          condition.notify();
        });
        run.join();
      },
      briefly());
}

TEST(Condition, WakesFirstComeFirstServed) {
  check([](weft::Run& run) {
    Condition condition;
    int waiting = 0;
    std::vector<int> woken;
    constexpr int kThreads = 4;
    for (int t = 0; t < kThreads; ++t) {
      run.thread([&] {
        std::scoped_lock hold(condition);
        const int arrival = waiting++;
        condition.wait();
        woken.push_back(arrival);
      });
    }
    run.start();
    for (int t = 0; t < kThreads; ++t) {
      if (t == 0) {
        acquire_when(condition, waiting, kThreads);
      } else {
        condition.acquire();
      }
      condition.notify();
      condition.release();
      // The next is notified when this one is through: who gets the lock first is not promised.
      for (bool through = false; !through;) {
        std::scoped_lock hold(condition);
        through = woken.size() == static_cast<std::size_t>(t) + 1;
        run.require(woken.size() <= static_cast<std::size_t>(t) + 1, "one notify wakes one thread");
      }
    }
    run.join();
    run.require(woken == std::vector<int>{0, 1, 2, 3}, "in the order of arrival");
  });
}

TEST(Condition, NotifyOfSeveralWakesExactlySoManyOrAllThereAre) {
  check([](weft::Run& run) {
    Lock lock;
    Condition condition(lock);
    int waiting = 0;
    int woken = 0;
    constexpr int kThreads = 5;
    const auto count = [&] {
      std::scoped_lock hold(lock);
      return woken;
    };
    for (int t = 0; t < kThreads; ++t) {
      run.thread([&] {
        std::scoped_lock hold(lock);
        ++waiting;
        condition.wait();
        ++woken;
      });
    }
    run.start();
    acquire_when(condition, waiting, kThreads);
    condition.notify(0);
    condition.notify(2);
    lock.release();
    while (count() < 2) std::this_thread::yield();
    // Nobody else is on the way: the other three sleep until they are notified.
    for (int i = 0; i < 5; ++i) std::this_thread::yield();
    run.require(count() == 2, "notify(2) wakes two");
    lock.acquire();
    condition.notify(100);
    lock.release();
    run.join();
    run.require(woken == kThreads, "a notify for more than there are wakes all");
  });
}

TEST(Condition, NotifyAllWakesEveryWaiterAndLeavesNothingForLaterOnes) {
  check([](weft::Run& run) {
    Condition condition;
    int waiting = 0;
    for (int t = 0; t < 3; ++t) {
      run.thread([&] {
        std::scoped_lock hold(condition);
        ++waiting;
        condition.wait();
        run.require(!condition.wait_for(0s), "one notify_all wakes each waiter once");
      });
    }
    run.start();
    acquire_when(condition, waiting, 3);
    condition.notify_all();
    condition.notify_all();
    run.require(!condition.wait_for(0s), "a condition remembers no notification");
    condition.release();
    run.join();
  });
}

// The notifier may come as soon as the lock is given up, when the waiter is not in the list yet;
// and when another one, whose time is over, leaves it.
TEST(Condition, WhoGaveTheLockUpIsSeenByTheNextNotifier) {
  check([](weft::Run& run) {
    Lock lock;
    Condition condition(lock);
    bool waits = false;
    bool told = false;
    run.thread("patient", [&] {
      const std::scoped_lock hold(lock);
      waits = true;
      if (!told) condition.wait();
      run.require(told, "it was notified");
    });
    run.thread("hasty", [&] {
      const std::scoped_lock hold(lock);
      condition.wait_for(0s);
    });
    run.thread("notifier", [&] {
      const std::scoped_lock hold(lock);
      told = true;
      // To all: the first may be the hasty one.
      if (waits) condition.notify_all();
    });
    run.join();
  });
}

// Of two notifications the first one wakes the first waiter, and the second one the second.
TEST(Condition, WhoIsLeftIsSeenByALaterNotifier) {
  check([](weft::Run& run) {
    Lock lock;
    Condition condition(lock);
    int waiting = 0;
    for (int t = 0; t < 2; ++t) {
      run.thread("waiter", [&] {
        const std::scoped_lock hold(lock);
        ++waiting;
        condition.wait();
      });
    }
    run.start();
    acquire_when(lock, waiting, 2);
    condition.notify();
    lock.release();
    lock.acquire();
    condition.notify();
    lock.release();
    run.join();
  });
}

TEST(Condition, NobodyWakesWithoutANotification) {
  check(
      [](weft::Run& run) {
        Condition condition;
        std::atomic<int> early{0};
        int waiting = 0;
        bool notified = false;
        for (int t = 0; t < 3; ++t) {
          run.thread([&] {
            std::scoped_lock hold(condition);
            ++waiting;
            condition.wait();
            if (!notified) ++early;
          });
        }
        run.start();
        acquire_when(condition, waiting, 3);
        condition.release();
        for (int i = 0; i < 50; ++i) {
          // Traffic on the lock, and waits of others that come and go.
          std::scoped_lock hold(condition);
          condition.wait_for(1us * (i % 3));
        }
        condition.acquire();
        notified = true;
        condition.notify_all();
        condition.release();
        run.join();
        run.require(early == 0, "no waiter returned before it was notified");
      },
      briefly());
}

TEST(Condition, WokenWaitersRunWhenTheNotifierHasReleasedTheLock) {
  check([](weft::Run& run) {
    Condition condition;
    int waiting = 0;
    bool notifier_is_inside = false;
    for (int t = 0; t < 2; ++t) {
      run.thread([&] {
        std::scoped_lock hold(condition);
        ++waiting;
        condition.wait();
        run.require(!notifier_is_inside, "the lock was free when the waiter went on");
      });
    }
    run.start();
    acquire_when(condition, waiting, 2);
    notifier_is_inside = true;
    condition.notify_all();
    std::this_thread::yield();
    notifier_is_inside = false;
    condition.release();
    run.join();
  });
}

// CV6: the waiter owns the condition and frees it as soon as it has been told.
TEST(Condition, TheNotifiedThreadMayDestroyItOnceItHasTheLock) {
  check([](weft::Run& run) {
    struct Shared {
      Lock lock;
      Condition condition{lock};
      bool ready = false;
    };
    Doomed<Shared> shared;
    run.thread([&] {
      shared->lock.acquire();
      while (!shared->ready) shared->condition.wait();
      shared->lock.release();
      shared.end();
    });
    run.thread([&] {
      std::scoped_lock hold(shared->lock);
      shared->ready = true;
      shared->condition.notify();
    });
    run.join();
  });
}

TEST(ConditionDeathTest, DestroyingItWhileAThreadWaitsEndsTheProgram) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_DEATH(
      {
        auto condition = std::make_unique<Condition>();
        int waiting = 0;
        Condition& waited_for = *condition;
        std::thread([&] {
          std::scoped_lock hold(waited_for);
          ++waiting;
          waited_for.wait();
        }).detach();
        acquire_when(waited_for, waiting, 1);
        waited_for.release();
        condition.reset();
      },
      "a Condition was destroyed while threads wait on it");
}

}  // namespace
}  // namespace weft
