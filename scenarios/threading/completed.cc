#include "scenarios/threading/completed.h"

#include "scenarios/threading/countdown_thread.h"

namespace weft::scenarios {
namespace {

void run(Transcript& out, const Pace& pace) {
  Thread t([&](int n) { countdown(out, pace, n, [] {}); }, kCountdownFrom);
  t.start();
  t.join();
  say_state(out, t);
}

std::string judge(const Lines& lines) {
  return say_exactly(concatenated({countdown_lines(), {"Completed"}}), lines);
}

}  // namespace

constinit const Scenario kCompleted = {
    .row = "004-3",
    .target = "//scenarios/threading:completed",
    .shows = "After join() the countdown is over and is_alive() is false.",
    .run = run,
    .judge = judge,
};

}  // namespace weft::scenarios
