// Work is submitted to an executor of processes in a block, whose end waits for it.
// Property: each task is done once, with its own result; the block's end waits for all; no process
// is left; without a number there are as many as processors.
#pragma once

#include "scenarios/scenario.h"

namespace weft::scenarios {

extern const Scenario kExecutor;

}  // namespace weft::scenarios
