// Several threads wait for one signal.
// Property: nobody passes before set(), all pass after it and see what was done before it.
#pragma once

#include "scenarios/scenario.h"

namespace weft::scenarios {

extern const Scenario kSignal;

}  // namespace weft::scenarios
