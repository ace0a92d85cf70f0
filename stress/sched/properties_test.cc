// Every program of enter, cancel and run_pending does what the sequential model says: each event is
// called once, or cancelled, or still there, and cancel says which. Schedulers that do one thing
// wrong are caught.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <optional>

#include "primitives/sched/scheduler.h"
#include "stress/properties/expect.h"
#include "stress/sched/vocabulary.h"

namespace weft::testing_sched {
namespace {

TEST(SchedulerProperties, CallsCancelsOrKeepsEachEventAndSaysWhich) {
  properties::expect_holds(scheduler_vocabulary<Scheduler>("Scheduler"), {.calls_max = 5});
}

// Says of an event that runs that it is too late for it.
struct NeverRunning : Scheduler {
  using Scheduler::Scheduler;
  CancelResult cancel(const Event& event) {
    const CancelResult result = Scheduler::cancel(event);
    return result == CancelResult::kRunning ? CancelResult::kTooLate : result;
  }
};

TEST(SchedulerProperties, CatchOneThatHidesThatAnActionRuns) {
  properties::expect_caught(
      scheduler_vocabulary<NeverRunning>("a scheduler that never says running"), {.calls_max = 5});
}

// Says that nothing is left when nothing more is due.
struct ForgetsTheRest : Scheduler {
  using Scheduler::Scheduler;
  std::optional<Duration> run_pending() {
    (void)Scheduler::run_pending();
    return std::nullopt;
  }
};

TEST(SchedulerProperties, CatchOneThatForgetsWhatIsNotDueYet) {
  properties::expect_caught(
      scheduler_vocabulary<ForgetsTheRest>("a scheduler that forgets the rest"), {.calls_max = 5});
}

// Looks whether the event is pending, and cancels it in a second step.
struct LooksFirst : Scheduler {
  using Scheduler::Scheduler;
  CancelResult cancel(const Event& event) {
    const auto pending = queue();
    const bool there = std::any_of(pending.begin(), pending.end(),
                                   [&](const Pending& each) { return each.event == event; });
    (void)Scheduler::cancel(event);
    return there ? CancelResult::kCancelled : CancelResult::kTooLate;
  }
};

TEST(SchedulerProperties, CatchOneThatLooksBeforeItCancels) {
  properties::expect_caught(
      scheduler_vocabulary<LooksFirst>("a scheduler that looks and then cancels"),
      {.calls_max = 5});
}

}  // namespace
}  // namespace weft::testing_sched
