// The basic use: a process with a function and its arguments, start, join.
// Property: the function runs once, with its arguments, in another process, which ends with 0; a
// second start and a join before the start are errors.
#pragma once

#include "scenarios/scenario.h"

namespace weft::scenarios {

extern const Scenario kBasicUse;

}  // namespace weft::scenarios
