// The pipeline of three stages, as three processes with a queue between each two.
// Property: 1 to 10 are consumed once and in order, each after it was produced; the lines that say
// "done" come last; all three processes end with 0.
#pragma once

#include "scenarios/scenario.h"

namespace weft::scenarios {

extern const Scenario kProcessPipeline;

}  // namespace weft::scenarios
