// Two threads append letters to one string.
// Property: ten o and twenty O; the string only grows, one letter a line.
#pragma once

#include "scenarios/scenario.h"

namespace weft::scenarios {

extern const Scenario kTwoTasks;

}  // namespace weft::scenarios
