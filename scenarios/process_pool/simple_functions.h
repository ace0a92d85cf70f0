// What can be submitted to processes: functions whose arguments and results can be sent.
// Property: a result that cannot be sent fails its own future alone; what a call changes in its
// process is not seen here.
#pragma once

#include "scenarios/scenario.h"

namespace weft::scenarios {

extern const Scenario kSimpleFunctions;

}  // namespace weft::scenarios
