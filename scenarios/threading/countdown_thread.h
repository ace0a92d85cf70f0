// The countdown of the cookbook's section on starting and stopping threads, which three scenarios
// share.
#pragma once

#include <functional>
#include <string>
#include <utility>

#include "primitives/threading/thread.h"
#include "scenarios/judging.h"
#include "scenarios/scenario.h"

namespace weft::scenarios {

inline constexpr int kCountdownFrom = 10;

// Says the numbers from `n` down to 1, with a pause after each. `after_first` is called before the
// first pause: a scenario holds the countdown there until it has seen what it wants to see.
inline void countdown(Transcript& out, const Pace& pace, int n,
                      const std::function<void()>& after_first) {
  for (bool first = true; n > 0; first = false) {
    out.say("T-minux " + std::to_string(n));
    n -= 1;
    if (first) after_first();
    pace.pause(5);
  }
}

inline void say_state(Transcript& out, const Thread& thread) {
  out.say(thread.is_alive() ? "Still Running" : "Completed");
}

inline Lines countdown_lines() { return numbered("T-minux ", kCountdownFrom, 1); }

}  // namespace weft::scenarios
