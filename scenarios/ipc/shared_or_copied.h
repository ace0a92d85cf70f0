// What a process shares with those that it starts, and what each has a copy of.
// Property: an effect on each shared object in one process is seen in the other; on anything else
// it is not.
#pragma once

#include "scenarios/scenario.h"

namespace weft::scenarios {

extern const Scenario kSharedOrCopied;

}  // namespace weft::scenarios
