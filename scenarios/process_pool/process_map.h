// A pool of four processes doubles ten numbers, and the caller waits for all of them.
// Property: the results stand in the order of the input, whatever the chunks and the processes;
// each number is worked on once; of failures, the first in that order comes when all calls are
// done.
#pragma once

#include "scenarios/scenario.h"

namespace weft::scenarios {

extern const Scenario kProcessMap;

}  // namespace weft::scenarios
