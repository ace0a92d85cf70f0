// The recipe in words, for a process: derive from Process, construct the base, implement run(),
// call start().
// Property: start() calls run() once, in another process; what run() wrote into the object stays
// there.
#pragma once

#include "scenarios/scenario.h"

namespace weft::scenarios {

extern const Scenario kProcessSubclass;

}  // namespace weft::scenarios
