// The cookbook's SharedCounter: an integer changed under its own lock.
// Property: it holds the sum of all changes, and a reader never sees a value outside their range.
#pragma once

#include "scenarios/scenario.h"

namespace weft::scenarios {

extern const Scenario kSharedCounter;

}  // namespace weft::scenarios
