// Every scenario of this room.
// Thread safety: any thread; the table is constant.
#pragma once

#include <cstddef>
#include <span>

#include "scenarios/scenario.h"

namespace weft::scenarios {

// Ordered by row. Targets are unique; a row has a scenario for threads, for processes, or both.
std::span<const Scenario* const> all_scenarios();

// How many rows the documents have: each of their examples, and each behaviour that they state in
// words. README.md has them all.
inline constexpr std::size_t kRows = 49;

}  // namespace weft::scenarios
