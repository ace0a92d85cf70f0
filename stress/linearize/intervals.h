// Calls as intervals on one line, where what is known is an order of intervals, as real time is.
//
// Thread safety: pure functions.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "stress/linearize/calls.h"

namespace weft::linearize::internal {

// Both ends included: one comes before another if its end is below the other's beginning.
struct Interval {
  static constexpr std::int64_t kForEver = std::numeric_limits<std::int64_t>::max();

  std::int64_t begin = 0;
  std::int64_t end = kForEver;
};

// One for each call, from 0 to the number of calls. Nothing if the order is not one
// of intervals: sets of calls that come before one are not each inside the next (Fishburn,
// "Intransitive indifference with unequal indifference intervals", J. Math. Psychology 1970).
std::optional<std::vector<Interval>> intervals_of(const Calls& calls);

}  // namespace weft::linearize::internal
