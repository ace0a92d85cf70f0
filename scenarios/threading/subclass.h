// The recipe in words: derive from Thread, construct the base, implement run(), call start().
// Property: start() calls run() once, in another thread; what run() wrote is seen after join().
#pragma once

#include "scenarios/scenario.h"

namespace weft::scenarios {

extern const Scenario kSubclass;

}  // namespace weft::scenarios
