// Every scenario of this room.
// Thread safety: any thread; the table is constant.
#pragma once

#include <span>

#include "scenarios/scenario.h"

namespace weft::scenarios {

// Ordered by row. Targets are unique; a row has a scenario for threads, for processes, or both.
std::span<const Scenario* const> all_scenarios();

}  // namespace weft::scenarios
