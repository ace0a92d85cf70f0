// Five threads meet at a barrier, round after round; four do not get through.
// Property: nobody leaves a round before all have come; the indices of a round are 0 to 4; a
// time-out breaks the barrier for all, and reset() heals it.
#pragma once

#include "scenarios/scenario.h"

namespace weft::scenarios {

extern const Scenario kBarrier;

}  // namespace weft::scenarios
