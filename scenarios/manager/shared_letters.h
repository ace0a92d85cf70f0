// Two tasks append letters to a string that a manager holds, each in a process of its own.
// Property: with the manager's lock around each reading and writing no letter is lost: the string
// has ten o and twenty O, and grows by one letter a line.
#pragma once

#include "scenarios/scenario.h"

namespace weft::scenarios {

extern const Scenario kSharedLetters;

}  // namespace weft::scenarios
