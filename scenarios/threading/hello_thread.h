// A class of the user derives from Thread and says hello twenty times while the starter goes on.
// Property: twenty lines, from another thread; "done" after all of them.
#pragma once

#include "scenarios/scenario.h"

namespace weft::scenarios {

extern const Scenario kHelloThread;

}  // namespace weft::scenarios
