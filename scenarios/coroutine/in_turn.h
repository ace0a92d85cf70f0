// Two coroutines append to one string, and are advanced in turn.
// Property: o and O alternate, twenty of each, without a thread; both are still suspended after
// twenty steps, and the next step ends them.
#pragma once

#include "scenarios/scenario.h"

namespace weft::scenarios {

extern const Scenario kInTurn;

}  // namespace weft::scenarios
