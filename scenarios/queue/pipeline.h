// A pipeline of three threads and two queues.
// Property: 1 to 10 are consumed once and in order, after they have been put; all three end.
#pragma once

#include "scenarios/scenario.h"

namespace weft::scenarios {

extern const Scenario kPipeline;

}  // namespace weft::scenarios
