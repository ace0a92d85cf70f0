// How the scheduler waits: by a clock and a delay function of the user's, or by its own.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <functional>
#include <new>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "primitives/base/errors.h"
#include "primitives/sched/scheduler.h"
#include "stress/sched/fake_clock.h"

namespace weft {
namespace {

using testing_sched::FakeClock;
using namespace std::chrono_literals;
using Names = std::vector<std::string>;
using Durations = std::vector<Scheduler::Duration>;

TEST(Scheduler, AClockWithoutADelayFunctionIsRefused) {
  FakeClock clock;
  EXPECT_THROW(Scheduler(clock.time(), nullptr), ValueError);
  EXPECT_THROW(Scheduler(nullptr, clock.delay()), ValueError);
}

TEST(Scheduler, TellsTheDelayFunctionTheTimeLeftAndZeroAfterEachAction) {
  FakeClock clock;
  Durations delays;
  Scheduler scheduler(clock.time(), [&](Scheduler::Duration by) {
    delays.push_back(by);
    clock.advance(by);
  });
  scheduler.enter(3ns, 1, [] {});
  scheduler.enter(3ns, 1, [] {});
  scheduler.enter(5ns, 1, [] {});
  scheduler.run();
  EXPECT_EQ(delays, Durations({3ns, 0ns, 0ns, 2ns, 0ns}));
}

TEST(Scheduler, LooksAnewAfterADelayThatEndsEarly) {
  FakeClock clock;
  Durations delays;
  Scheduler scheduler(clock.time(), [&](Scheduler::Duration by) {
    delays.push_back(by);
    clock.advance(std::min(by, Scheduler::Duration(2ns)));
  });
  scheduler.enter(5ns, 1, [] {});
  scheduler.run();
  EXPECT_EQ(delays, Durations({5ns, 3ns, 1ns, 0ns}));
}

TEST(Scheduler, AnEventEnteredDuringADelayComesInItsOrder) {
  FakeClock clock;
  Names said;
  Scheduler* entered_to = nullptr;
  bool entered = false;
  Scheduler scheduler(clock.time(), [&](Scheduler::Duration by) {
    if (!std::exchange(entered, true)) {
      entered_to->enterabs(FakeClock::at(1), 1, [&] { said.push_back("earlier"); });
    }
    clock.advance(by);
  });
  entered_to = &scheduler;
  scheduler.enterabs(FakeClock::at(5), 1, [&] { said.push_back("later"); });
  scheduler.run();
  EXPECT_EQ(said, Names({"earlier", "later"}));
}

// TM5: what was missed while the clock jumped, or the thread stood still, is called once each and
// in order. Of events that enter themselves again, who does so by a delay leaves out what was
// missed, who does so by the time catches up, and with no more calls than were missed.
TEST(Scheduler, AfterAJumpOfTheClockWhatWasMissedComesOnceEachInOrder) {
  FakeClock clock;
  Scheduler scheduler(clock.time(), clock.delay());
  Names said;
  std::vector<Scheduler::TimePoint> by_delay;
  std::vector<Scheduler::TimePoint> by_time;
  std::function<void()> skips = [&] {
    by_delay.push_back(clock.now());
    scheduler.enter(1min, 2, std::ref(skips));
  };
  std::function<void()> catches_up = [&] {
    by_time.push_back(clock.now());
    const auto next = static_cast<std::int64_t>(by_time.size()) * 1min;
    scheduler.enterabs(Scheduler::TimePoint(next), 2, std::ref(catches_up));
  };
  scheduler.enterabs(Scheduler::TimePoint(50min), 1, [&] { said.push_back("second"); });
  scheduler.enterabs(Scheduler::TimePoint(10min), 1, [&] { said.push_back("first"); });
  scheduler.enterabs(Scheduler::TimePoint(0min), 2, std::ref(skips));
  scheduler.enterabs(Scheduler::TimePoint(0min), 2, std::ref(catches_up));
  scheduler.enterabs(Scheduler::TimePoint(61min), 1, [&] { said.push_back("not yet"); });
  EXPECT_EQ(scheduler.run_pending(), std::optional<Scheduler::Duration>(1min));
  clock.advance(1h);
  EXPECT_EQ(scheduler.run_pending(), std::optional<Scheduler::Duration>(1min));
  EXPECT_EQ(said, Names({"first", "second"}));
  const Scheduler::TimePoint later(60min);
  EXPECT_EQ(by_delay, std::vector({Scheduler::TimePoint(0min), later}));
  EXPECT_EQ(by_time.size(), 61u) << "one for each minute, the first and the last included";
  EXPECT_EQ(std::count(by_time.begin(), by_time.end(), later), 60);
  EXPECT_EQ(scheduler.size(), 3u);
}

TEST(Scheduler, ADelayThatThrowsLeavesTheRest) {
  FakeClock clock;
  bool throws = true;
  int calls = 0;
  Scheduler scheduler(clock.time(), [&](Scheduler::Duration by) {
    if (std::exchange(throws, false)) throw std::bad_alloc();
    clock.advance(by);
  });
  scheduler.enter(1s, 1, [&] { ++calls; });
  EXPECT_THROW(scheduler.run(), std::bad_alloc);
  EXPECT_EQ(scheduler.size(), 1u);
  scheduler.run();
  EXPECT_EQ(calls, 1);
}

TEST(Scheduler, ByTheSteadyClockSleepsUntilTheTime) {
  Scheduler scheduler;
  Scheduler::TimePoint called_at;
  const auto begin = Scheduler::Clock::now();
  scheduler.enter(3ms, 1, [&] { called_at = Scheduler::Clock::now(); });
  scheduler.run();
  EXPECT_GE(called_at - begin, 3ms);
}

}  // namespace
}  // namespace weft
