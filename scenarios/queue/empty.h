// empty() tells what was, so two consumers of one item do not ask it.
// Property: with nobody else there it is right; of two consumers one gets the item, the other
// nothing.
#pragma once

#include "scenarios/scenario.h"

namespace weft::scenarios {

extern const Scenario kEmpty;

}  // namespace weft::scenarios
