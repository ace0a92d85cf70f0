#include "scenarios/threading/still_running.h"

#include "primitives/threading/event.h"
#include "scenarios/threading/countdown_thread.h"

namespace weft::scenarios {
namespace {

const char kAnswer[] = "Still Running";

void run(Transcript& out, const Pace& pace) {
  Event looked;
  Thread t([&](int n) { countdown(out, pace, n, [&] { looked.wait(); }); }, kCountdownFrom);
  t.start();
  pace.pause(1);  // as a person who types the question
  say_state(out, t);
  looked.set();
  t.join();
}

std::string judge(const Lines& lines) {
  // The countdown is held after its first number, so the question comes before the second.
  return first_of({say_in_any_order(concatenated({countdown_lines(), {kAnswer}}), lines),
                   in_order(countdown_lines(), lines), in_order({kAnswer, "T-minux 9"}, lines)});
}

}  // namespace

constinit const Scenario kStillRunning = {
    .row = "004-2",
    .target = "//scenarios/threading:still_running",
    .shows = "is_alive() is true while the countdown runs.",
    .run = run,
    .judge = judge,
};

}  // namespace weft::scenarios
