// No global lock: two threads wait at the same time, and two compute at the same time.
// Property: each of the two sees the other in the middle of its work.
#pragma once

#include "scenarios/scenario.h"

namespace weft::scenarios {

extern const Scenario kOverlap;

}  // namespace weft::scenarios
