// join() on a new queue, which the document takes for a start.
// Property: it returns at once.
#pragma once

#include "scenarios/scenario.h"

namespace weft::scenarios {

extern const Scenario kJoinNew;

}  // namespace weft::scenarios
