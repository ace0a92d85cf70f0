// A thread prints one line, and nobody joins it.
// Property: the line is there once, said by another thread, before the program ends.
#pragma once

#include "scenarios/scenario.h"

namespace weft::scenarios {

extern const Scenario kPrintSum;

}  // namespace weft::scenarios
