#include "stress/linearize/intervals.h"

#include <algorithm>
#include <numeric>

namespace weft::linearize::internal {

std::optional<std::vector<Interval>> intervals_of(const Calls& calls) {
  const unsigned threads = calls.threads();
  const auto size = static_cast<std::uint32_t>(calls.size());
  // How many calls of each thread come before a call; of its own, the earlier ones.
  std::vector<std::uint32_t> sets(std::size_t{size} * threads);
  std::vector<std::uint64_t> sizes(size, 0);
  for (unsigned own = 0; own < threads; ++own) {
    for (std::uint32_t call = calls.begin(own); call < calls.begin(own + 1); ++call) {
      std::uint32_t* const set = &sets[std::size_t{call} * threads];
      std::copy_n(calls.required(call), threads, set);
      set[own] = call - calls.begin(own);
      sizes[call] = std::accumulate(set, set + threads, std::uint64_t{0});
    }
  }
  std::vector<std::uint32_t> order(size);
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(), [&](auto a, auto b) { return sizes[a] < sizes[b]; });

  std::vector<Interval> intervals(size, {.begin = 0, .end = size});
  std::vector<std::uint32_t> ended(threads, 0);  // calls of each thread whose end is known
  std::int64_t rank = 0;
  for (std::uint32_t i = 0; i < size; ++i) {
    const std::uint32_t* const set = &sets[std::size_t{order[i]} * threads];
    // Of as many calls as the one before, and not of fewer in any thread: the same.
    if (i > 0 && sizes[order[i]] != sizes[order[i - 1]]) ++rank;
    for (unsigned other = 0; other < threads; ++other) {
      if (set[other] < ended[other]) return std::nullopt;
      for (; ended[other] < set[other]; ++ended[other]) {
        intervals[calls.begin(other) + ended[other]].end = rank - 1;
      }
    }
    intervals[order[i]].begin = rank;
  }
  return intervals;
}

}  // namespace weft::linearize::internal
