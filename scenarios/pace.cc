#include "scenarios/pace.h"

#include <thread>

namespace weft::scenarios {

void Pace::pause(double beats) const {
  if (beat.count() <= 0) return;
  // tidy-allow(sleep): for people's eyes; no property depends on it, and tests have no pauses.
  std::this_thread::sleep_for(beat * beats);
}

}  // namespace weft::scenarios
