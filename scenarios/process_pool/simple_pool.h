// A pool of four processes is made, used, and closed.
// Property: four processes that are not this one; none is left after close() and join(), or after
// terminate(); a pool of none is refused.
#pragma once

#include "scenarios/scenario.h"

namespace weft::scenarios {

extern const Scenario kSimplePool;

}  // namespace weft::scenarios
