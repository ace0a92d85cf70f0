// Counters: increments by one, and reads.
//
// The counter becomes k at some moment: not before the beginning of a read that saw less, so at
// `low` or later, and not after the end of one that saw k or more, so at `high` or earlier. Both
// only grow with k. An increment may be the k-th if its interval meets [low, high]. That each
// increment has a k of its own is all that it takes: where two would stand in the wrong order, they
// can be exchanged, because the windows of two ks are in order. As low and high only grow, the ks
// of an increment are a range, and a matching is found by giving each k to the increment whose
// range ends first (Glover, "Maximum matching in a convex bipartite graph", Naval Research
// Logistics Quarterly 1967).
#include <algorithm>
#include <functional>
#include <queue>
#include <utility>
#include <vector>

#include "stress/linearize/fast.h"

namespace weft::linearize::internal {

std::optional<Verdict> counter_verdict(const Calls& calls, std::span<const Interval> when,
                                       const Abstraction& abstraction) {
  const auto* const initial = abstraction.initial.get_if<std::int64_t>();
  if (initial == nullptr) return std::nullopt;
  std::vector<Interval> increments;
  for (std::uint32_t call = 0; call < calls.size(); ++call) {
    const Operation& operation = *calls[call].operation;
    if (abstraction.roles[operation.function] != Role::kIncrement) continue;
    if (!operation.arguments.empty()) return std::nullopt;
    if (!operation.result.is_nothing()) return Verdict::kViolated;
    increments.push_back(when[call]);
  }
  const std::size_t size = increments.size();
  // Of k = 1 .. size, at k - 1.
  std::vector<std::int64_t> low(size, 0), high(size, Interval::kForEver);
  for (std::uint32_t call = 0; call < calls.size(); ++call) {
    const Operation& operation = *calls[call].operation;
    if (abstraction.roles[operation.function] != Role::kRead) continue;
    const auto* const result = operation.result.get_if<std::int64_t>();
    if (result == nullptr || *result < *initial) return Verdict::kViolated;
    const std::uint64_t seen =
        static_cast<std::uint64_t>(*result) - static_cast<std::uint64_t>(*initial);
    if (seen > size) return Verdict::kViolated;
    if (seen < size) low[seen] = std::max(low[seen], when[call].begin);
    if (seen > 0) high[seen - 1] = std::min(high[seen - 1], when[call].end);
  }
  for (std::size_t k = 1; k < size; ++k) low[k] = std::max(low[k], low[k - 1]);
  for (std::size_t k = size; k-- > 1;) high[k - 1] = std::min(high[k - 1], high[k]);
  for (std::size_t k = 0; k < size; ++k) {
    if (low[k] > high[k]) return Verdict::kViolated;
  }

  std::sort(increments.begin(), increments.end(),
            [](const Interval& a, const Interval& b) { return a.begin < b.begin; });
  // The last k of those that may be given now.
  std::priority_queue<std::size_t, std::vector<std::size_t>, std::greater<>> open;
  std::size_t next = 0;
  for (std::size_t k = 0; k < size; ++k) {
    for (; next < size && increments[next].begin <= high[k]; ++next) {
      const auto behind = std::upper_bound(low.begin(), low.end(), increments[next].end);
      open.push(static_cast<std::size_t>(behind - low.begin()));  // one behind the last
    }
    if (open.empty() || open.top() <= k) return Verdict::kViolated;
    open.pop();
  }
  return Verdict::kLinearizable;
}

}  // namespace weft::linearize::internal
