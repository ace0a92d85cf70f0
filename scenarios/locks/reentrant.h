// An RLock is taken again by the thread that holds it.
// Property: others get in at depth 0 only; nobody else can release it.
#pragma once

#include "scenarios/scenario.h"

namespace weft::scenarios {

extern const Scenario kReentrant;

}  // namespace weft::scenarios
