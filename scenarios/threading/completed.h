// The countdown is joined, then is_alive() is asked.
// Property: "Completed" comes after the last number.
#pragma once

#include "scenarios/scenario.h"

namespace weft::scenarios {

extern const Scenario kCompleted;

}  // namespace weft::scenarios
