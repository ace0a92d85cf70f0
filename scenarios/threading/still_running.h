// is_alive() is asked while the countdown runs.
// Property: it says "Still Running" whenever it is asked before the last number.
#pragma once

#include "scenarios/scenario.h"

namespace weft::scenarios {

extern const Scenario kStillRunning;

}  // namespace weft::scenarios
