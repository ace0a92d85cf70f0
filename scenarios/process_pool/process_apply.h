// Several threads hand their work to one pool of processes and wait for it.
// Property: each thread gets its own results.
#pragma once

#include "scenarios/scenario.h"

namespace weft::scenarios {

extern const Scenario kProcessApply;

}  // namespace weft::scenarios
