// Five philosophers, each a process, with five forks; the odd ones take their right fork first.
// Property: all eat five times, never two neighbours at once, and none waits for ever.
#pragma once

#include "scenarios/scenario.h"

namespace weft::scenarios {

extern const Scenario kDiningProcesses;

}  // namespace weft::scenarios
