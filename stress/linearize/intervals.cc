#include "stress/linearize/intervals.h"

#include <algorithm>
#include <numeric>

namespace weft::linearize::internal {

std::optional<std::vector<Interval>> intervals_of(const Calls& calls) {
  const unsigned threads = calls.threads();
  const auto size = static_cast<std::uint32_t>(calls.size());
  // Before a call come its own thread's earlier ones, too.
  const auto before = [&](std::uint32_t call, unsigned other) {
    for (unsigned own = 0; own < threads; ++own) {
      if (call < calls.begin(own + 1)) {
        return own == other ? call - calls.begin(own) : calls.required(call)[other];
      }
    }
    return std::uint32_t{0};
  };
  std::vector<std::vector<std::uint32_t>> sets(size, std::vector<std::uint32_t>(threads));
  std::vector<std::uint64_t> sizes(size, 0);
  for (std::uint32_t call = 0; call < size; ++call) {
    for (unsigned other = 0; other < threads; ++other) sets[call][other] = before(call, other);
    sizes[call] = std::accumulate(sets[call].begin(), sets[call].end(), std::uint64_t{0});
  }
  std::vector<std::uint32_t> order(size);
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(), [&](auto a, auto b) { return sizes[a] < sizes[b]; });

  std::vector<Interval> intervals(size, {.begin = 0, .end = size});
  std::vector<std::uint32_t> ended(threads, 0);  // calls of each thread whose end is known
  std::int64_t rank = 0;
  for (std::uint32_t i = 0; i < size; ++i) {
    const auto& set = sets[order[i]];
    if (i > 0 && set != sets[order[i - 1]]) ++rank;
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
