// One order from the orders of independent parts.
//
// Thread safety: pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "stress/linearize/calls.h"

namespace weft::linearize::internal {

// An order of all calls that keeps what is known and the order of each part; each is a list of
// calls, one for each step. Nothing if there is none.
std::optional<std::vector<std::uint32_t>> merged(
    const Calls& calls, const std::vector<std::vector<std::uint32_t>>& parts);

}  // namespace weft::linearize::internal
