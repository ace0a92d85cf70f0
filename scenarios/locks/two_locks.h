// Three ways to use two locks from two sides without waiting for each other for ever: never hold
// both, take them in one order, take both at once.
// Property: all transfers end, and no money is lost.
#pragma once

#include "scenarios/scenario.h"

namespace weft::scenarios {

extern const Scenario kTwoLocks;

}  // namespace weft::scenarios
