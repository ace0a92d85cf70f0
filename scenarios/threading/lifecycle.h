// start, is_alive, join: the life of a thread, with every misuse refused.
// Property: is_alive() is false before start(), true until the function has ended, false after
// join(); any number of threads may join.
#pragma once

#include "scenarios/scenario.h"

namespace weft::scenarios {

extern const Scenario kLifecycle;

}  // namespace weft::scenarios
