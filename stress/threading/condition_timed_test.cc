// Waits on a Condition that end without a notification, and waits for a predicate.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <stop_token>
#include <thread>
#include <type_traits>

#include "primitives/base/errors.h"
#include "primitives/threading/condition.h"
#include "primitives/threading/rlock.h"
#include "stress/check.h"
#include "stress/threading/support.h"

namespace weft {
namespace {

using testing_threads::acquire_when;
using testing_threads::briefly;
using testing_threads::for_each_extreme_length;
using testing_threads::for_each_negative_length;
using testing_threads::kNotANumber;
using testing_threads::SlowClock;
using namespace std::chrono_literals;
using SteadyClock = std::chrono::steady_clock;

TEST(Condition, TimeoutsOfZeroAndLessLetOthersInAndReturnFalse) {
  Condition condition;
  condition.acquire();
  EXPECT_FALSE(condition.wait_for(0s));
  for_each_negative_length([&](auto length) { EXPECT_FALSE(condition.wait_for(length)); });
  EXPECT_FALSE(condition.wait_until(SteadyClock::time_point::min()));
  EXPECT_FALSE(condition.wait_until(std::chrono::system_clock::time_point::min()));
  EXPECT_FALSE(condition.wait_for(1ns));
  bool been_inside = false;
  std::thread other([&] {
    std::scoped_lock hold(condition);
    been_inside = true;
  });
  while (!been_inside) condition.wait_for(0s);  // ends only if it gives the lock up
  condition.release();
  other.join();
}

TEST(Condition, NaNIsRefusedAndTheLockStaysHeld) {
  Condition condition;
  condition.acquire();
  EXPECT_THROW(condition.wait_for(kNotANumber), ValueError);
  EXPECT_THROW(condition.wait_for(kNotANumber, [] { return true; }), ValueError);
  EXPECT_NO_THROW(condition.notify());
  condition.release();
}

// CV7
TEST(Condition, ATimeoutTooLongForTheClockWaitsForTheNotification) {
  for_each_extreme_length([](auto length) {
    check(
        [length](weft::Run& run) {
          Condition condition;
          int waiting = 0;
          run.thread([&] {
            std::scoped_lock hold(condition);
            ++waiting;
            run.require(condition.wait_for(length), "it waited until it was notified");
          });
          run.start();
          acquire_when(condition, waiting, 1);
          condition.notify();
          condition.release();
          run.join();
        },
        briefly());
  });
}

TEST(Condition, TimedWaitsDoNotEndBeforeTheirDeadline) {
  Condition condition;
  std::scoped_lock hold(condition);
  auto begin = SteadyClock::now();
  EXPECT_FALSE(condition.wait_for(3ms));
  EXPECT_GE(SteadyClock::now() - begin, 3ms);
  begin = SteadyClock::now();
  EXPECT_FALSE(condition.wait_until(SlowClock::now() + 3ms));
  EXPECT_GE(SteadyClock::now() - begin, SlowClock::kSlowness * (3ms - 1us));
}

// CV8, CV10: the notification that meets a waiter about to give up is taken by it, or else by the
// next one; never by both, never by nobody.
TEST(Condition, ANotificationThatMeetsATimeoutOrAStopHasOneTaker) {
  check([](weft::Run& run) {
    Condition condition;
    std::stop_source stop;
    const bool by_stop = run.random().chance(1, 2);
    const auto timeout = std::chrono::microseconds(run.random().below(200));
    int waiting = 0;
    bool first_has_left = false;
    bool first_was_notified = false;
    bool second_was_notified = false;
    run.thread([&] {
      std::scoped_lock hold(condition);
      ++waiting;
      first_was_notified = by_stop ? condition.wait(stop.get_token()) : condition.wait_for(timeout);
      first_has_left = true;
    });
    run.thread([&] {
      acquire_when(condition, waiting, 1);
      ++waiting;
      condition.wait();
      second_was_notified = true;
      condition.release();
    });
    run.thread([&] { stop.request_stop(); });
    run.start();
    acquire_when(condition, waiting, 2);
    condition.notify();
    while (!first_has_left) {
      condition.release();
      std::this_thread::yield();
      condition.acquire();
    }
    if (first_was_notified) {
      run.require(!second_was_notified, "one notification wakes one thread");
      condition.notify();
    }
    condition.release();
    run.join();
    run.require(second_was_notified, "the second waiter gave up never");
  });
}

TEST(Condition, AStopRequestEndsTheWaitWithTheLockHeld) {
  check(
      [](weft::Run& run) {
        Condition condition;
        std::stop_source stop;
        int waiting = 0;
        run.thread([&] {
          std::scoped_lock hold(condition);
          ++waiting;
          run.require(!condition.wait(stop.get_token()), "a stopped wait returns false");
          --waiting;  // under the lock, or the thread sanitizer objects
          run.require(!condition.wait(stop.get_token()), "as does one that begins afterwards");
        });
        run.start();
        acquire_when(condition, waiting, 1);
        condition.release();
        stop.request_stop();
        run.join();
        std::scoped_lock hold(condition);
        run.require(waiting == 0, "the waiter has left");
      },
      briefly());
}

TEST(Condition, ATruePredicateNeedsNeitherWaitNorLock) {
  Condition condition;
  EXPECT_NO_THROW(condition.wait([] { return true; }));
  EXPECT_TRUE(condition.wait_for(-1s, [] { return true; }));
  EXPECT_TRUE(condition.wait(std::stop_token(), [] { return true; }));
  EXPECT_THROW(condition.wait([] { return false; }), RuntimeError);
  EXPECT_THROW(condition.wait_for(1s, [] { return false; }), RuntimeError);
}

TEST(Condition, AWaitForAPredicateReturnsItsLastValue) {
  Condition condition;
  std::scoped_lock hold(condition);
  int calls = 0;
  EXPECT_EQ(condition.wait_for(1ms, [&] { return 2 * calls++; }), 2) << "looked at after the wait";
  EXPECT_EQ(calls, 2);
  EXPECT_EQ(condition.wait_for(1ms, [] { return 7; }), 7);
  const auto nothing = condition.wait_for(0s, [] { return std::optional<int>(); });
  static_assert(std::is_same_v<decltype(nothing), const std::optional<int>>);
  EXPECT_EQ(nothing, std::nullopt);
}

TEST(Condition, APredicateIsLookedAtWithTheLockHeldAtTheCallersDepth) {
  check(
      [](weft::Run& run) {
        RLock lock;
        Condition condition(lock);
        bool ready = false;
        run.thread([&] {
          std::scoped_lock hold(lock);
          std::scoped_lock again(condition);
          condition.wait([&] {
            run.require(lock.recursion_count() == 2, "held at the caller's depth");
            return ready;
          });
          run.require(ready, "a wait without limit ends with a true predicate only");
        });
        run.thread([&] {
          for (int i = 0; i < 3; ++i) {
            std::scoped_lock hold(lock);
            ready = i == 2;
            condition.notify_one();
          }
        });
        run.join();
      },
      briefly());
}

// With a limit for each wake-up instead of one for all, this wait would never end.
TEST(Condition, TheTimeOfAWaitForAPredicateCountsOnceForAllWakeUps) {
  Condition condition;
  std::atomic<bool> over{false};
  std::thread disturber([&] {
    while (!over) {
      std::scoped_lock hold(condition);
      condition.notify();
    }
  });
  const auto begin = SteadyClock::now();
  {
    std::scoped_lock hold(condition);
    EXPECT_FALSE(condition.wait_for(20ms, [] { return false; }));
  }
  EXPECT_GE(SteadyClock::now() - begin, 20ms);
  over = true;
  disturber.join();
}

TEST(Condition, AnExceptionOfThePredicatePassesWithTheLockHeldAsBefore) {
  RLock lock;
  Condition condition(lock);
  std::scoped_lock hold(lock);
  std::scoped_lock again(lock);
  int calls = 0;
  EXPECT_THROW(condition.wait_for(1ms,
                                  [&]() -> bool {
                                    if (++calls == 2) throw std::out_of_range("second");
                                    return false;
                                  }),
               std::out_of_range);
  EXPECT_EQ(calls, 2);
  EXPECT_EQ(lock.recursion_count(), 2U);
}

TEST(Condition, AStopEndsAWaitForAPredicateWithItsValue) {
  Condition condition;
  std::scoped_lock hold(condition);
  std::stop_source stop;
  int calls = 0;
  stop.request_stop();
  EXPECT_FALSE(condition.wait(stop.get_token(), [&] { return ++calls == 3; }));
  EXPECT_EQ(calls, 2) << "before the wait and after it";
  EXPECT_TRUE(condition.wait(stop.get_token(), [&] { return ++calls == 4; }));
}

}  // namespace
}  // namespace weft
