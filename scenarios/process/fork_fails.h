// What the document recorded of its five philosophers: the system had no process for one of them.
// Property: start() says so with that error and leaves that one unstarted; those that were started
// can be joined; no process is left.
#pragma once

#include "scenarios/scenario.h"

namespace weft::scenarios {

extern const Scenario kForkFails;

}  // namespace weft::scenarios
