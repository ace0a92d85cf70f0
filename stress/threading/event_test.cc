#include "primitives/threading/event.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <stop_token>
#include <thread>
#include <type_traits>

#include "primitives/base/errors.h"
#include "stress/check.h"
#include "stress/threading/support.h"

namespace weft {
namespace {

using testing_threads::briefly;
using testing_threads::Doomed;
using testing_threads::for_each_extreme_length;
using testing_threads::for_each_negative_length;
using testing_threads::kNotANumber;
using testing_threads::patiently;
using testing_threads::Sleeper;
using testing_threads::SlowClock;
using namespace std::chrono_literals;
using SteadyClock = std::chrono::steady_clock;

TEST(Event, SetAndClearSayWhatIsSetHoweverOftenTheyAreCalled) {
  static_assert(!std::is_copy_constructible_v<Event> && !std::is_move_constructible_v<Event>);
  Event event;
  EXPECT_FALSE(event.is_set());
  event.set();
  event.set();
  EXPECT_TRUE(event.is_set());
  event.clear();
  EXPECT_FALSE(event.is_set());
  event.clear();
  EXPECT_FALSE(event.is_set());
  event.set();
  EXPECT_TRUE(event.is_set());
}

TEST(Event, ASetEventIsNotWaitedForWhateverTheLimit) {
  Event event;
  std::stop_source stop;
  stop.request_stop();
  event.set();
  event.wait();
  EXPECT_TRUE(event.wait_for(0s));
  for_each_negative_length([&](auto length) { EXPECT_TRUE(event.wait_for(length)); });
  EXPECT_TRUE(event.wait_until(SteadyClock::time_point::min()));
  EXPECT_TRUE(event.wait_until(std::chrono::system_clock::time_point::min()));
  EXPECT_TRUE(event.wait(stop.get_token()));
  EXPECT_TRUE(event.is_set()) << "a wait changes nothing";
}

TEST(Event, TimeoutsOfZeroAndLessOnlyLook) {
  Event event;
  EXPECT_FALSE(event.wait_for(0s));
  for_each_negative_length([&](auto length) { EXPECT_FALSE(event.wait_for(length)); });
  EXPECT_FALSE(event.wait_until(SteadyClock::time_point::min()));
  EXPECT_FALSE(event.wait_until(std::chrono::system_clock::time_point::min()));
  EXPECT_FALSE(event.wait_for(1ns));
}

TEST(Event, NaNIsRefused) {
  Event event;
  EXPECT_THROW(event.wait_for(kNotANumber), ValueError);
  event.set();
  EXPECT_THROW(event.wait_for(kNotANumber), ValueError) << "also where no wait is needed";
}

// CV7
TEST(Event, ATimeoutTooLongForTheClockWaitsForTheEvent) {
  for_each_extreme_length([](auto length) {
    check(
        [length](weft::Run& run) {
          Event event;
          Sleeper sleeper;
          run.thread([&] {
            sleeper.announce();
            run.require(event.wait_for(length), "it waited until the event was set");
          });
          run.start();
          sleeper.until_asleep();
          event.set();
          run.join();
        },
        briefly());
  });
}

TEST(Event, TimedWaitsDoNotEndBeforeTheirDeadline) {
  Event event;
  auto begin = SteadyClock::now();
  EXPECT_FALSE(event.wait_for(3ms));
  EXPECT_GE(SteadyClock::now() - begin, 3ms);
  begin = SteadyClock::now();
  EXPECT_FALSE(event.wait_until(begin + 3ms));
  EXPECT_GE(SteadyClock::now() - begin, 3ms);
  begin = SteadyClock::now();
  EXPECT_FALSE(event.wait_until(SlowClock::now() + 3ms));
  EXPECT_GE(SteadyClock::now() - begin, SlowClock::kSlowness * (3ms - 1us));
}

TEST(Event, SetReleasesEverybody) {
  check(
      [](weft::Run& run) {
        Event event;
        int data = 0;  // not atomic: the event alone publishes it
        for (int t = 0; t < 3; ++t) {
          run.thread([&, t] {
            if (t == 0) event.wait();
            if (t == 1) run.require(event.wait_for(10s), "set long before the time is over");
            while (t == 2 && !event.is_set()) std::this_thread::yield();
            run.require(data == 1, "what came before set() is visible");
          });
        }
        run.thread([&] {
          data = 1;
          event.set();
        });
        run.join();
      },
      patiently());
}

// EV1: whoever waits at the moment of set() is released, although the event is clear again before
// the waiter has run. There is no second pulse: a waiter that misses this one hangs.
TEST(Event, APulseReleasesAllWhoWaited) {
  if (!Sleeper::can_tell()) GTEST_SKIP() << "this system does not tell who waits";
  check(
      [](weft::Run& run) {
        Event event;
        std::stop_source stop;
        std::atomic<int> turn{0};
        Sleeper sleepers[3];
        for (int t = 0; t < 3; ++t) {
          run.thread([&, t] {
            // One after the other, so that whoever is asleep waits for the event, not for its
            // mutex.
            while (turn < t) std::this_thread::yield();
            sleepers[t].announce();
            if (t == 0) event.wait();
            if (t == 1) run.require(event.wait_for(10s), "a pulse counts as set");
            if (t == 2) run.require(event.wait(stop.get_token()), "a pulse counts as set");
          });
        }
        run.start();
        for (int t = 0; t < 3; ++t) {
          turn = t;
          while (!sleepers[t].until_asleep()) {
          }
        }
        event.set();
        event.clear();
        run.join();
        run.require(!event.is_set(), "the event is clear after the pulse");
      },
      patiently());
}

TEST(Event, AStopRequestEndsTheWaitWithFalse) {
  check(
      [](weft::Run& run) {
        Event event;
        std::stop_source stop;
        Sleeper sleeper;
        run.thread([&] {
          sleeper.announce();
          run.require(!event.wait(stop.get_token()), "a stopped wait returns false");
          run.require(!event.wait(stop.get_token()), "as does one that begins afterwards");
        });
        run.start();
        sleeper.until_asleep();
        stop.request_stop();
        run.join();
        run.require(!event.is_set(), "the event was not set");
      },
      briefly());
}

TEST(Event, AStopThatMeetsASetLeavesTheOtherWaitersReleased) {
  check([](weft::Run& run) {
    Event event;
    std::stop_source stop;
    for (int t = 0; t < 2; ++t) {
      run.thread([&] {
        event.wait(stop.get_token());
        event.wait();
      });
    }
    run.thread([&] { event.wait(); });
    run.thread([&] { stop.request_stop(); });
    run.thread([&] { event.set(); });
    run.join();
  });
}

// The commonest use there is: an event on the stack of the one thread that waits for it.
TEST(Event, TheOnlyWaiterMayDestroyItAtOnce) {
  check([](weft::Run& run) {
    Doomed<Event> event;
    run.thread([&] {
      event->wait();
      event.end();
    });
    run.thread([&] { event->set(); });
    run.join();
  });
}

TEST(Event, ThePollerThatSawItSetMayDestroyItAtOnce) {
  check([](weft::Run& run) {
    Doomed<Event> event;
    run.thread([&] {
      while (!event->is_set()) std::this_thread::yield();
      event.end();
    });
    run.thread([&] { event->set(); });
    run.join();
  });
}

}  // namespace
}  // namespace weft
