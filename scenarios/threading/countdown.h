// A thread counts down while its starter goes on.
// Property: 10, 9, ..., 1, each once; start() returns before the countdown is over.
#pragma once

#include "scenarios/scenario.h"

namespace weft::scenarios {

extern const Scenario kCountdown;

}  // namespace weft::scenarios
