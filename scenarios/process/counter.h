// Two processes count on from a global number.
// Property: each counts in its own copy, 11 to 15; that of the parent stays 10.
#pragma once

#include "scenarios/scenario.h"

namespace weft::scenarios {

extern const Scenario kCounter;

}  // namespace weft::scenarios
