// Two tasks append letters to a string, each in a process of its own: "this code does not work".
// Property: each process has the string as it was at the start, and builds its own; that of the
// parent stays empty.
#pragma once

#include "scenarios/scenario.h"

namespace weft::scenarios {

extern const Scenario kTwoCopies;

}  // namespace weft::scenarios
