#include "scenarios/threading/countdown.h"

#include <thread>

#include "primitives/threading/event.h"
#include "scenarios/threading/countdown_thread.h"

namespace weft::scenarios {
namespace {

void run(Transcript& out, const Pace& pace) {
  const auto starter = std::this_thread::get_id();
  Event start_has_returned;
  Thread t(
      [&](int n) {
        countdown(out, pace, n, [&] {
          const bool in_a_thread_of_its_own = std::this_thread::get_id() != starter;
          out.claim(in_a_thread_of_its_own, "start() waits for the countdown");
          // Held here, the countdown cannot end before start() has returned.
          if (in_a_thread_of_its_own) start_has_returned.wait();
        });
      },
      kCountdownFrom);
  t.start();
  start_has_returned.set();
  t.join();
}

std::string judge(const Lines& lines) { return say_exactly(countdown_lines(), lines); }

}  // namespace

constinit const Scenario kCountdown = {
    .row = "004-1",
    .target = "//scenarios/threading:countdown",
    .shows = "A thread counts down from ten while its starter goes on.",
    .run = run,
    .judge = judge,
};

}  // namespace weft::scenarios
