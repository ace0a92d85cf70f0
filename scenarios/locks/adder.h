// A sum is changed under a lock, first by one thread, then by several.
// Property: no addition is lost, never are two threads inside, and the lock is free at the end.
#pragma once

#include "scenarios/scenario.h"

namespace weft::scenarios {

extern const Scenario kAdder;

}  // namespace weft::scenarios
