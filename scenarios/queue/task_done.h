// task_done() lets join() return.
// Property: join() returns when the work on every item is done, not when the queue is empty; one
// task_done() too many is an error.
#pragma once

#include "scenarios/scenario.h"

namespace weft::scenarios {

extern const Scenario kTaskDone;

}  // namespace weft::scenarios
