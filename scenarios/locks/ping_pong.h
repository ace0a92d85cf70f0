// Two locks as turn tokens, each released by the thread that did not take it.
// Property: strict alternation; at the end one lock is free and the other held.
#pragma once

#include "scenarios/scenario.h"

namespace weft::scenarios {

extern const Scenario kPingPong;

}  // namespace weft::scenarios
