// acquire(), x += 1, release(), by four processes on one number that they share.
// Property: no addition is lost, nobody is inside beside another, the lock is free at the end.
#pragma once

#include "scenarios/scenario.h"

namespace weft::scenarios {

extern const Scenario kAddingProcesses;

}  // namespace weft::scenarios
