// A pipe: the child sends a list and closes its end; the parent prints the list.
// Property: the message arrives once, in order and whole; after the last copy of the other end is
// closed there is the end, and nothing else.
#pragma once

#include "scenarios/scenario.h"

namespace weft::scenarios {

extern const Scenario kHelloPipe;

}  // namespace weft::scenarios
