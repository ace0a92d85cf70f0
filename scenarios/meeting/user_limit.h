// A semaphore of three lets at most three users in.
// Property: three is reached and never passed, all users get in, and permits survive exceptions.
#pragma once

#include "scenarios/scenario.h"

namespace weft::scenarios {

extern const Scenario kUserLimit;

}  // namespace weft::scenarios
