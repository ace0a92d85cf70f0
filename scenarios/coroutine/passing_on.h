// A pipeline of coroutines: each stage sends its items to the next.
// Property: an item is consumed before its producer says that it was produced, since sending runs
// the stages behind; exactly this text, in one thread.
#pragma once

#include "scenarios/scenario.h"

namespace weft::scenarios {

extern const Scenario kPassingOn;

}  // namespace weft::scenarios
