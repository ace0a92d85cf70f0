// put and get of a queue between processes, and what they do when they would wait.
// Property: an item is got once; get() waits until one is there; who waits for a limited time is
// told that there was none, or no room; a closed queue refuses.
#pragma once

#include "scenarios/scenario.h"

namespace weft::scenarios {

extern const Scenario kQueueBlock;

}  // namespace weft::scenarios
