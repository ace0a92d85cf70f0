#include "primitives/threading/timer.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <type_traits>
#include <utility>

#include "primitives/base/errors.h"
#include "primitives/threading/event.h"
#include "primitives/threading/thread.h"
#include "stress/check.h"
#include "stress/threading/support.h"

namespace weft {
namespace {

using testing_threads::briefly;
using testing_threads::for_each_extreme_length;
using testing_threads::for_each_negative_length;
using testing_threads::kNotANumber;
using testing_threads::message_of;
using testing_threads::patiently;
using namespace std::chrono_literals;
using SteadyClock = std::chrono::steady_clock;

TEST(Timer, CallsItsFunctionOnceWhenTheIntervalIsOver) {
  static_assert(!std::is_copy_constructible_v<Timer> && !std::is_move_constructible_v<Timer>);
  int calls = 0;
  SteadyClock::time_point called_at;
  Timer timer(3ms, [&] {
    ++calls;
    called_at = SteadyClock::now();
  });
  EXPECT_FALSE(timer.is_alive());
  const auto begin = SteadyClock::now();
  timer.start();
  timer.join();
  EXPECT_EQ(calls, 1);
  EXPECT_GE(called_at - begin, 3ms);
  EXPECT_FALSE(timer.is_alive());
}

TEST(Timer, ZeroAndNegativeIntervalsFireAtOnce) {
  int calls = 0;
  const auto fires = [&](auto interval) {
    Timer timer(interval, [&] { ++calls; });
    timer.start();
    timer.join();
  };
  fires(0s);
  EXPECT_EQ(calls, 1);
  for_each_negative_length(fires);
  EXPECT_EQ(calls, 6);
}

TEST(Timer, NaNIsRefused) {
  EXPECT_THROW(Timer(kNotANumber, [] {}), ValueError);
}

TEST(Timer, TakesAnyDurationAndAnyFunction) {
  int calls = 0;
  std::function<void()> function = [&] { ++calls; };
  Timer timer(std::chrono::duration<long double>(0), function);
  Timer moved(std::chrono::duration<long double>(0), std::move(function));
  timer.start();
  timer.join();
  moved.start();
  moved.join();
  EXPECT_EQ(calls, 2);
}

// CV7
TEST(Timer, AnIntervalTooLongForTheClockNeverFiresAndCanBeCancelled) {
  for_each_extreme_length([](auto interval) {
    bool fired = false;
    Timer timer(interval, [&] { fired = true; });
    timer.start();
    EXPECT_FALSE(timer.join_for(1ms));
    EXPECT_TRUE(timer.is_alive());
    EXPECT_EQ(timer.cancel(), CancelResult::kCancelled);
    timer.join();
    EXPECT_FALSE(fired);
    EXPECT_FALSE(timer.is_alive());
  });
}

TEST(Timer, CancelBeforeStartPreventsItForGood) {
  bool fired = false;
  Timer timer(0s, [&] { fired = true; });
  EXPECT_EQ(timer.cancel(), CancelResult::kCancelled);
  timer.start();
  timer.join();
  EXPECT_FALSE(fired);
  EXPECT_EQ(timer.cancel(), CancelResult::kCancelled) << "what is cancelled stays so";
}

TEST(Timer, CancelAfterItHasRunIsTooLate) {
  Timer timer(0s, [] {});
  timer.start();
  timer.join();
  EXPECT_EQ(timer.cancel(), CancelResult::kTooLate);
  EXPECT_EQ(timer.cancel(), CancelResult::kTooLate);
}

TEST(Timer, CancelFromItsOwnFunctionSaysThatItRuns) {
  CancelResult result = CancelResult::kCancelled;
  Timer* itself = nullptr;
  Timer timer(0s, [&] { result = itself->cancel(); });
  itself = &timer;
  timer.start();
  timer.join();
  EXPECT_EQ(result, CancelResult::kRunning);
  EXPECT_EQ(timer.cancel(), CancelResult::kTooLate);
}

TEST(Timer, CancelFromElsewhereSeesItRun) {
  Event running;
  Event finish;
  Timer timer(0s, [&] {
    running.set();
    finish.wait();
  });
  timer.start();
  running.wait();
  EXPECT_EQ(timer.cancel(), CancelResult::kRunning);
  EXPECT_FALSE(timer.join_for(0s));
  finish.set();
  EXPECT_TRUE(timer.join_for(1h));
}

TEST(Timer, ACancelThatMeetsTheFiringSaysWhichCameFirst) {
  check([](weft::Run& run) {
    std::atomic<int> calls{0};
    const auto interval = std::chrono::microseconds(run.random().below(100));
    Timer timer(interval, [&] { ++calls; });
    timer.start();
    CancelResult results[2] = {};
    for (CancelResult& result : results) {
      run.thread([&] { result = timer.cancel(); });
    }
    run.join();
    timer.join();
    const bool cancelled = timer.cancel() == CancelResult::kCancelled;
    run.require(calls == (cancelled ? 0 : 1), "cancelled or run: never both, never neither");
    for (const CancelResult result : results) {
      run.require((result == CancelResult::kCancelled) == cancelled, "all cancels agree");
    }
  });
}

TEST(Timer, WhatTheFunctionDidIsVisibleAfterACancelThatWasTooLate) {
  check(
      [](weft::Run& run) {
        int data = 0;  // not atomic: the timer alone publishes it
        // relaxed throughout: it must not publish the data, that is the timer's part.
        std::atomic<bool> running{false};
        Timer timer(0s, [&] {
          data = 1;
          running.store(true, std::memory_order_relaxed);
        });
        timer.start();
        while (!running.load(std::memory_order_relaxed)) std::this_thread::yield();
        while (timer.cancel() != CancelResult::kTooLate) std::this_thread::yield();
        run.require(data == 1, "the function's writes are visible");
      },
      briefly());
}

TEST(Timer, CanBeStartedOnce) {
  Timer timer(0s, [] {});
  EXPECT_THROW(timer.join(), RuntimeError);
  timer.start();
  EXPECT_THROW(timer.start(), RuntimeError);
}

TEST(Timer, AnExceptionOfTheFunctionGoesToTheThreadsHook) {
  std::string seen;
  auto before =
      Thread::set_exception_hook([&](const std::string&, const std::exception_ptr& error) {
        seen = message_of<std::out_of_range>([&] { std::rethrow_exception(error); });
      });
  Timer timer(0s, [] { throw std::out_of_range("too far"); });
  timer.start();
  timer.join();
  Thread::set_exception_hook(std::move(before));
  EXPECT_EQ(seen, "too far");
  EXPECT_EQ(timer.cancel(), CancelResult::kTooLate) << "it has run, though not to its end";
}

TEST(Timer, ItsDestructorCancelsItOrWaitsForTheFunction) {
  check(
      [](weft::Run& run) {
        bool fired = false;
        {
          Timer pending(1h, [&] { fired = true; });
          pending.start();
        }
        run.require(!fired, "a pending one is cancelled");
        bool finished = false;
        Event running;
        {
          Timer firing(0s, [&] {
            running.set();
            std::this_thread::yield();
            finished = true;
          });
          firing.start();
          running.wait();
        }
        run.require(finished, "a running one is waited for");
        const Timer never_started(0s, [&] { fired = true; });
      },
      patiently(briefly()));
}

TEST(TimerDeathTest, ATimerDestroyedByItsOwnFunctionEndsTheProgram) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_DEATH(
      {
        std::unique_ptr<Timer> timer;
        Event never;
        timer = std::make_unique<Timer>(0s, [&] { timer.reset(); });
        timer->start();
        (void)never.wait_for(10s);
        std::_Exit(0);  // nobody noticed
      },
      "a Timer is destroyed by its own function");
}

}  // namespace
}  // namespace weft
