// An event is entered into a scheduler.
// Property: nothing is called unless somebody calls run(). With run() each action is called once,
// at its time; of events of one time the lower priority comes first, of equal priorities the one
// that was entered first.
#pragma once

#include "scenarios/scenario.h"

namespace weft::scenarios {

extern const Scenario kPrintTime;

}  // namespace weft::scenarios
