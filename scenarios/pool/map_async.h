// The same ten numbers without waiting: a result object that is asked later.
// Property: what is ready stays ready; before that it cannot be asked how it went, and a wait with
// a limit says that the time is over; the callback is called once, before the result is ready.
#pragma once

#include "scenarios/scenario.h"

namespace weft::scenarios {

extern const Scenario kMapAsync;

}  // namespace weft::scenarios
