#include "scenarios/sched/print_time.h"

#include <chrono>
#include <string>

#include "primitives/sched/scheduler.h"
#include "scenarios/judging.h"

namespace weft::scenarios {
namespace {

using namespace std::chrono_literals;

// As the document has it: its scheduler never runs.
void entered_and_left(Transcript& out) {
  Scheduler my_sched;
  int calls = 0;
  my_sched.enter(10s, 1, [&calls] { ++calls; });
  out.claim(!my_sched.empty(), "an event was entered, and the queue is empty");
  out.claim(calls == 0, "enter() has called the action");
  out.say("events in the queue: " + std::to_string(my_sched.size()));
}

void run(Transcript& out, const Pace& pace) {
  entered_and_left(out);

  // A clock that goes on when the scheduler waits: the order of times is the same, and no test has
  // to wait ten seconds.
  Scheduler::TimePoint now{};
  Scheduler my_sched([&now] { return now; },
                     [&](Scheduler::Duration delay) {
                       pace.pause(std::chrono::duration<double>(delay).count() / 10);
                       now += delay;
                     });
  const auto print_time = [&](const char* what) {
    out.say(std::to_string(now.time_since_epoch() / 1s) + " s: " + what);
  };
  my_sched.enter(10s, 1, print_time, "after ten seconds");
  my_sched.enter(5s, 2, print_time, "the second priority, entered first");
  my_sched.enter(5s, 1, print_time, "the first priority");
  my_sched.enter(5s, 2, print_time, "the second priority, entered second");
  const auto cancelled = my_sched.enter(5s, 2, print_time, "cancelled");
  my_sched.enter(5s, 2, print_time, "the second priority, entered third");
  out.claim(my_sched.cancel(cancelled) == CancelResult::kCancelled, "it cannot be cancelled");
  my_sched.run();
  out.claim(my_sched.empty(), "run() has returned, and an event is left");
}

std::string judge(const Lines& lines) {
  return say_exactly(
      {"events in the queue: 1", "5 s: the first priority",
       "5 s: the second priority, entered first", "5 s: the second priority, entered second",
       "5 s: the second priority, entered third", "10 s: after ten seconds"},
      lines);
}

}  // namespace

constinit const Scenario kPrintTime = {
    .row = "000-10",
    .target = "//scenarios/sched:print_time",
    .shows = "A scheduler calls what was entered when it runs, and not before.",
    .run = run,
    .judge = judge,
};

}  // namespace weft::scenarios
