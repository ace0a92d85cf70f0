// A process adds two numbers, and what its function returns is lost.
// Property: the exit code is None before and 0 after; no zombie is left after the join; the memory
// of the parent is unchanged.
#pragma once

#include "scenarios/scenario.h"

namespace weft::scenarios {

extern const Scenario kLostResult;

}  // namespace weft::scenarios
