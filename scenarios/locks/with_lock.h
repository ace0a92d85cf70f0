// The better way: a guard holds the lock.
// Property: no addition is lost, and the lock is released on every path, by an exception too.
#pragma once

#include "scenarios/scenario.h"

namespace weft::scenarios {

extern const Scenario kWithLock;

}  // namespace weft::scenarios
