// acquire, change, release, written out.
// Property: no addition is lost, and the lock is free at the end.
#pragma once

#include "scenarios/scenario.h"

namespace weft::scenarios {

extern const Scenario kAcquireRelease;

}  // namespace weft::scenarios
