// Long work is done while the lock is free.
// Property: another thread takes the lock many times while the work goes on.
#pragma once

#include "scenarios/scenario.h"

namespace weft::scenarios {

extern const Scenario kOutsideTheLock;

}  // namespace weft::scenarios
