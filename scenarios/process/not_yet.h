// In words: Process(target=function, args=(arguments)) makes an instance, "not process yet";
// start() makes the process. Property: before the start there is no number, no exit code, no life
// and no process of the system.
#pragma once

#include "scenarios/scenario.h"

namespace weft::scenarios {

extern const Scenario kNotYet;

}  // namespace weft::scenarios
