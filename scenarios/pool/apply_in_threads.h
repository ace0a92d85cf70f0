// Threads hand each large calculation to one pool and wait for its result.
// Property: every thread gets its own results; all of them end.
#pragma once

#include "scenarios/scenario.h"

namespace weft::scenarios {

extern const Scenario kApplyInThreads;

}  // namespace weft::scenarios
