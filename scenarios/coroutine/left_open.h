// The end of the pipeline of coroutines: the producer closes the stage that it sends to, and no
// other.
// Property: the consumer is left suspended; closing it makes it end, once, and closing it again is
// nothing.
#pragma once

#include "scenarios/scenario.h"

namespace weft::scenarios {

extern const Scenario kLeftOpen;

}  // namespace weft::scenarios
