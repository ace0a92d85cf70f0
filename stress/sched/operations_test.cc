// What each operation of the scheduler does, by a clock that the test moves.
#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include "primitives/base/errors.h"
#include "primitives/sched/scheduler.h"
#include "stress/run/build_mode.h"
#include "stress/sched/fake_clock.h"
#include "stress/threading/support.h"

namespace weft {
namespace {

using std::chrono::nanoseconds;
using testing_sched::FakeClock;
using testing_threads::for_each_extreme_length;
using testing_threads::for_each_negative_length;
using testing_threads::kNotANumber;
using namespace std::chrono_literals;
using Names = std::vector<std::string>;

class SchedulerOperations : public testing::Test {
 protected:
  auto say(std::string name) {
    return [this, name] { said.push_back(name); };
  }

  FakeClock clock;
  Scheduler scheduler{clock.time(), clock.delay()};
  Names said;
};

TEST_F(SchedulerOperations, NothingIsCalledWithoutRun) {
  scheduler.enter(10s, 1, say("time"));
  clock.advance(1h);
  EXPECT_EQ(said, Names());
  EXPECT_EQ(scheduler.size(), 1u);
  EXPECT_FALSE(scheduler.empty());
  scheduler.run();
  EXPECT_EQ(said, Names({"time"}));
  EXPECT_TRUE(scheduler.empty());
}

TEST_F(SchedulerOperations, OrdersByTimeThenPriorityThenEntry) {
  scheduler.enterabs(FakeClock::at(2), 0, say("late"));
  scheduler.enterabs(FakeClock::at(1), 2, say("second priority, first"));
  scheduler.enterabs(FakeClock::at(1), 2, say("second priority, second"));
  scheduler.enterabs(FakeClock::at(1), -1, say("first priority"));
  scheduler.enterabs(FakeClock::at(1), 2, say("second priority, third"));
  scheduler.run();
  EXPECT_EQ(said, Names({"first priority", "second priority, first", "second priority, second",
                         "second priority, third", "late"}));
}

TEST_F(SchedulerOperations, CallsAnEventAtItsTimeAndNotBefore) {
  clock.advance(5s);
  FakeClock::TimePoint called_at;
  scheduler.enter(10s, 1, [&] { called_at = clock.now(); });
  scheduler.run();
  EXPECT_EQ(called_at, FakeClock::TimePoint(15s));
}

TEST_F(SchedulerOperations, FractionsOfANanosecondAreRoundedUp) {
  scheduler.enter(std::chrono::duration<double, std::nano>(1.25), 1, [] {});
  EXPECT_EQ(scheduler.queue().front().time, FakeClock::at(2));
}

TEST_F(SchedulerOperations, PastTimesAndNegativeDelaysAreDueAtOnce) {
  clock.advance(1h);
  int calls = 0;
  scheduler.enterabs(FakeClock::at(0), 1, [&] { ++calls; });
  scheduler.enterabs(FakeClock::TimePoint::min(), 1, [&] { ++calls; });
  scheduler.enter(0s, 1, [&] { ++calls; });
  EXPECT_EQ(scheduler.run_pending(), std::nullopt);
  EXPECT_EQ(calls, 3);
  for_each_negative_length([&](auto delay) {
    scheduler.enter(delay, 1, [&] { ++calls; });
    EXPECT_EQ(scheduler.run_pending(), std::nullopt);
  });
  EXPECT_EQ(calls, 8);
  EXPECT_EQ(clock.now(), FakeClock::TimePoint(1h)) << "nobody waited";
}

TEST_F(SchedulerOperations, ATimeBeyondTheClockIsNeverDue) {
  clock.advance(1h);
  for_each_extreme_length([&](auto delay) {
    const Scheduler::Event event = scheduler.enter(delay, 1, say("never"));
    EXPECT_GT(scheduler.run_pending(), std::optional<nanoseconds>(24h));
    EXPECT_EQ(scheduler.cancel(event), CancelResult::kCancelled);
  });
  EXPECT_EQ(said, Names());
}

TEST_F(SchedulerOperations, NaNIsRefused) {
  EXPECT_THROW(scheduler.enter(kNotANumber, 1, [] {}), ValueError);
  EXPECT_TRUE(scheduler.empty());
}

TEST_F(SchedulerOperations, ArgumentsAreKeptAndMoveOnlyOnesMovedIn) {
  std::string text = "a";
  scheduler.enter(
      1s, 1, [this](const std::string& a, int b) { said.push_back(a + std::to_string(b)); }, text,
      7);
  text = "b";
  scheduler.enter(
      2s, 1, [this](std::unique_ptr<int> n) { said.push_back(std::to_string(*n)); },
      std::make_unique<int>(9));
  scheduler.run();
  EXPECT_EQ(said, Names({"a7", "9"}));
}

TEST_F(SchedulerOperations, RunPendingSaysHowLongUntilTheNext) {
  EXPECT_EQ(scheduler.run_pending(), std::nullopt);
  scheduler.enter(3s, 1, say("a"));
  scheduler.enter(3s, 1, say("b"));
  scheduler.enter(5s, 1, say("c"));
  EXPECT_EQ(scheduler.run_pending(), std::optional<nanoseconds>(3s));
  EXPECT_EQ(said, Names());
  clock.advance(4s);
  EXPECT_EQ(scheduler.run_pending(), std::optional<nanoseconds>(1s));
  EXPECT_EQ(said, Names({"a", "b"}));
  clock.advance(1s);
  EXPECT_EQ(scheduler.run_pending(), std::nullopt);
  EXPECT_EQ(said, Names({"a", "b", "c"}));
}

// TM4
TEST_F(SchedulerOperations, AnActionThatThrowsLeavesTheRest) {
  scheduler.enter(1s, 1, say("a"));
  const Scheduler::Event thrower =
      scheduler.enter(2s, 1, [] { throw std::out_of_range("too far"); });
  scheduler.enter(3s, 1, say("c"));
  EXPECT_THROW(scheduler.run(), std::out_of_range);
  EXPECT_EQ(said, Names({"a"}));
  EXPECT_EQ(scheduler.size(), 1u);
  EXPECT_EQ(scheduler.cancel(thrower), CancelResult::kTooLate);
  scheduler.check_invariants();
  scheduler.run();
  EXPECT_EQ(said, Names({"a", "c"}));
}

TEST_F(SchedulerOperations, ActionsMayEnterCancelAndRun) {
  const Scheduler::Event doomed = scheduler.enter(4s, 1, say("doomed"));
  scheduler.enter(1s, 1, [&] {
    said.push_back("first");
    scheduler.enter(1s, 1, say("entered"));
    EXPECT_EQ(scheduler.cancel(doomed), CancelResult::kCancelled);
    EXPECT_EQ(scheduler.queue().size(), 2u);
  });
  scheduler.enter(3s, 1, [&] {
    said.push_back("runner");
    scheduler.enter(0s, 1, say("run inside"));
    scheduler.run();
    said.push_back("runner ends");
  });
  scheduler.run();
  EXPECT_EQ(said, Names({"first", "entered", "runner", "run inside", "runner ends"}));
  scheduler.check_invariants();
}

TEST_F(SchedulerOperations, AnActionsOwnDestructorMayUseTheScheduler) {
  struct EntersAtItsEnd {
    Scheduler* scheduler;
    Names* said;
    EntersAtItsEnd(Scheduler* s, Names* n) : scheduler(s), said(n) {}
    EntersAtItsEnd(EntersAtItsEnd&& other) noexcept
        : scheduler(std::exchange(other.scheduler, nullptr)), said(other.said) {}
    ~EntersAtItsEnd() {
      if (scheduler == nullptr) return;
      scheduler->enter(0s, 1, [names = said] { names->push_back("of the destructor"); });
    }
    void operator()() const { said->push_back("called"); }
  };
  scheduler.enter(1s, 1, EntersAtItsEnd(&scheduler, &said));
  scheduler.run();
  EXPECT_EQ(said, Names({"called", "of the destructor"}));
  const auto event = scheduler.enter(1s, 1, EntersAtItsEnd(&scheduler, &said));
  EXPECT_EQ(scheduler.cancel(event), CancelResult::kCancelled);
  scheduler.run();
  EXPECT_EQ(said.back(), "of the destructor");
  EXPECT_EQ(said.size(), 3u);
}

// TM6
TEST_F(SchedulerOperations, CancelRemovesThatOneOfEqualEvents) {
  std::vector<Scheduler::Event> events;
  for (const char* name : {"a", "b", "c", "d"}) {
    events.push_back(scheduler.enterabs(FakeClock::at(1), 1, say(name)));
  }
  EXPECT_EQ(scheduler.cancel(events[1]), CancelResult::kCancelled);
  EXPECT_EQ(scheduler.cancel(events[3]), CancelResult::kCancelled);
  scheduler.run();
  EXPECT_EQ(said, Names({"a", "c"}));
}

TEST_F(SchedulerOperations, CancelAnswersThreeWays) {
  const auto cancelled = scheduler.enter(1s, 1, say("cancelled"));
  EXPECT_EQ(scheduler.cancel(cancelled), CancelResult::kCancelled);
  EXPECT_EQ(scheduler.cancel(cancelled), CancelResult::kTooLate) << "it is not pending any more";
  Scheduler::Event own;
  CancelResult inside[2] = {};
  own = scheduler.enter(1s, 1, [&] {
    inside[0] = scheduler.cancel(own);
    inside[1] = scheduler.cancel_and_wait(own);  // TM3: it does not wait for itself
  });
  scheduler.run();
  EXPECT_EQ(inside[0], CancelResult::kRunning);
  EXPECT_EQ(inside[1], CancelResult::kRunning);
  EXPECT_EQ(scheduler.cancel(own), CancelResult::kTooLate);
  EXPECT_EQ(scheduler.cancel_and_wait(own), CancelResult::kTooLate);
  EXPECT_EQ(said, Names());
}

// A slot is used again at once; the event that had it before is not the one that has it now.
TEST_F(SchedulerOperations, CancelOfAnOldEventLeavesTheNewOneInItsPlace) {
  const auto old = scheduler.enter(1s, 1, say("old"));
  scheduler.run();
  scheduler.enter(1s, 1, say("new"));
  EXPECT_EQ(scheduler.cancel(old), CancelResult::kTooLate);
  scheduler.run();
  EXPECT_EQ(said, Names({"old", "new"}));
}

TEST_F(SchedulerOperations, ANewEventInTheSlotOfACancelledOneComesAtItsOwnTime) {
  scheduler.enter(9s, 1, say("stays"));
  scheduler.cancel(scheduler.enter(1s, 1, say("cancelled")));
  scheduler.enter(5s, 1, say("new"));
  scheduler.check_invariants();
  clock.advance(2s);
  EXPECT_EQ(scheduler.run_pending(), std::optional<nanoseconds>(3s));
  EXPECT_EQ(said, Names());
  scheduler.run();
  EXPECT_EQ(said, Names({"new", "stays"}));
}

TEST_F(SchedulerOperations, ALateEventEnteredAmongManyComesInItsOrder) {
  for (int i = 100; i > 0; --i) scheduler.enter(std::chrono::seconds(i), 1, [] {});
  EXPECT_EQ(scheduler.run_pending(), std::optional<nanoseconds>(1s));
  scheduler.enter(500ms, 1, say("first"));
  scheduler.enter(1500ms, 1, say("second"));
  EXPECT_EQ(scheduler.run_pending(), std::optional<nanoseconds>(500ms));
  clock.advance(2s);
  EXPECT_EQ(scheduler.run_pending(), std::optional<nanoseconds>(1s));
  EXPECT_EQ(said, Names({"first", "second"}));
}

TEST_F(SchedulerOperations, CancelRefusesWhatWasNeverEntered) {
  EXPECT_THROW(scheduler.cancel(Scheduler::Event()), ValueError);
  std::optional<Scheduler> other(std::in_place);
  const auto foreign = other->enter(1s, 1, [] {});
  EXPECT_THROW(scheduler.cancel(foreign), ValueError);
  other.reset();
  other.emplace();  // in the same place
  other->enter(1s, 1, [] {});
  EXPECT_THROW(other->cancel(foreign), ValueError);
  EXPECT_EQ(other->size(), 1u);
}

TEST_F(SchedulerOperations, WhatIsCancelledIsDestroyedAtOnce) {
  const auto owned = std::make_shared<int>(1);
  const auto event = scheduler.enter(1s, 1, [owned] {});
  EXPECT_EQ(owned.use_count(), 2);
  scheduler.cancel(event);
  EXPECT_EQ(owned.use_count(), 1);
  scheduler.enter(1s, 1, [owned] {});
  scheduler.run();
  EXPECT_EQ(owned.use_count(), 1);
}

TEST(Scheduler, DestroysWhatIsPendingWithoutCallingIt) {
  const auto owned = std::make_shared<int>(1);
  int calls = 0;
  {
    Scheduler scheduler;
    scheduler.enter(0s, 1, [owned, &calls] { ++calls; });
  }
  EXPECT_EQ(owned.use_count(), 1);
  EXPECT_EQ(calls, 0);
}

TEST_F(SchedulerOperations, QueueShowsWhatIsPendingInOrder) {
  const auto late = scheduler.enterabs(FakeClock::at(9), 0, [] {});
  const auto gone = scheduler.enterabs(FakeClock::at(1), 0, [] {});
  const auto second = scheduler.enterabs(FakeClock::at(3), 2, [] {});
  const auto first = scheduler.enterabs(FakeClock::at(3), 1, [] {});
  scheduler.cancel(gone);
  const auto queue = scheduler.queue();
  ASSERT_EQ(queue.size(), 3u);
  EXPECT_EQ(queue[0].event, first);
  EXPECT_EQ(queue[1].event, second);
  EXPECT_EQ(queue[2].event, late);
  EXPECT_EQ(queue[0].time, FakeClock::at(3));
  EXPECT_EQ(queue[0].priority, 1);
  EXPECT_EQ(queue[2].priority, 0);
}

TEST_F(SchedulerOperations, CancelledEventsLeaveNoMoreThanTheirShare) {
  scheduler.enter(1s, 1, say("stays"));
  for (int i = 0; i < 1000; ++i) {
    scheduler.cancel(scheduler.enter(2s, 1, say("goes")));
    scheduler.check_invariants();
  }
  EXPECT_EQ(scheduler.size(), 1u);
  scheduler.run();
  EXPECT_EQ(said, Names({"stays"}));
}

TEST_F(SchedulerOperations, AMillionEventsMayBePending) {
  constexpr bool kSlow = kThreadSanitizer || kAddressSanitizer || kExplored;
  constexpr std::int64_t kEvents = kSlow ? 20'000 : 1'000'000;
  std::mt19937_64 random(7);
  std::int64_t previous = -1;
  std::int64_t calls = 0;
  bool in_order = true;
  std::vector<Scheduler::Event> events;
  for (std::int64_t i = 0; i < kEvents; ++i) {
    const auto time = static_cast<std::int64_t>(random() % kEvents);
    events.push_back(scheduler.enterabs(FakeClock::at(time), 1, [&, time] {
      in_order = in_order && previous <= time;
      previous = time;
      ++calls;
    }));
  }
  EXPECT_EQ(scheduler.size(), static_cast<std::size_t>(kEvents));
  for (std::size_t i = 0; i < events.size(); i += 2) scheduler.cancel(events[i]);
  scheduler.run();
  EXPECT_EQ(calls, kEvents / 2);
  EXPECT_TRUE(in_order);
}

}  // namespace
}  // namespace weft
