// Every scenario of this room.
// Thread safety: any thread; the table is constant.
#pragma once

#include <span>

#include "scenarios/scenario.h"

namespace weft::scenarios {

// Ordered by row. Rows and targets are unique.
std::span<const Scenario* const> all_scenarios();

}  // namespace weft::scenarios
