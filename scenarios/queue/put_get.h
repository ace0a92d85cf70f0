// put() and get(), first by one thread, then by several over a bounded queue.
// Property: each item is got once, those of one producer in its order, and the bound holds.
#pragma once

#include "scenarios/scenario.h"

namespace weft::scenarios {

extern const Scenario kPutGet;

}  // namespace weft::scenarios
