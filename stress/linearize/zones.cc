// Registers and locks. A zone is a set of calls that stand together in every order: a write with
// the reads that saw it, an acquire with its release. `first` is the first end in it, `last` the
// last beginning. One zone may stand before another if no call of the other ends before one of it
// begins: if its `last` is not above the other's `first`.
#include <algorithm>
#include <unordered_map>
#include <vector>

#include "stress/linearize/fast.h"

namespace weft::linearize::internal {
namespace {

struct Zone {
  std::int64_t first = Interval::kForEver;
  std::int64_t last = -1;

  void take(const Interval& when) {
    first = std::min(first, when.end);
    last = std::max(last, when.begin);
  }
  // Forward: something certainly lies between its calls.
  bool forward() const { return first < last; }
};

// Two zones of which neither may stand before the other are two forward ones that overlap, or a
// forward one with a backward one inside. Without such a pair there is an order (Gibbons and
// Korach, theorem 4.1).
bool fit(const std::vector<Zone>& zones) {
  std::vector<Zone> forward;
  std::copy_if(zones.begin(), zones.end(), std::back_inserter(forward),
               [](const Zone& zone) { return zone.forward(); });
  const auto earlier = [](const Zone& a, const Zone& b) { return a.first < b.first; };
  std::sort(forward.begin(), forward.end(), earlier);
  for (std::size_t i = 1; i < forward.size(); ++i) {
    if (forward[i].first < forward[i - 1].last) return false;
  }
  for (const Zone& zone : zones) {
    if (zone.forward()) continue;
    // The last forward zone that begins before it: the ones before that end earlier.
    const auto behind =
        std::lower_bound(forward.begin(), forward.end(), Zone{zone.last, 0}, earlier);
    if (behind != forward.begin() && zone.first < std::prev(behind)->last) return false;
  }
  return true;
}

}  // namespace

std::optional<Verdict> register_verdict(const Calls& calls, std::span<const Interval> when,
                                        const Abstraction& abstraction) {
  struct Written {
    Interval write;
    Zone zone;
  };
  std::unordered_map<Value, Written> values;
  const Interval before_all{-1, -1};
  values[abstraction.initial] = {before_all, {}};
  values[abstraction.initial].zone.take(before_all);
  for (std::uint32_t call = 0; call < calls.size(); ++call) {
    const Operation& operation = *calls[call].operation;
    if (abstraction.roles[operation.function] != Role::kWrite) continue;
    if (operation.arguments.size() != 1) return std::nullopt;
    if (!operation.result.is_nothing()) return Verdict::kViolated;
    const auto [at, fresh] = values.try_emplace(operation.arguments[0]);
    if (!fresh) return std::nullopt;
    at->second.write = when[call];
    at->second.zone.take(when[call]);
  }
  for (std::uint32_t call = 0; call < calls.size(); ++call) {
    const Operation& operation = *calls[call].operation;
    if (abstraction.roles[operation.function] != Role::kRead) continue;
    const auto found = values.find(operation.result);
    if (found == values.end()) return Verdict::kViolated;
    if (when[call].end < found->second.write.begin) return Verdict::kViolated;
    found->second.zone.take(when[call]);
  }
  std::vector<Zone> zones;
  for (const auto& [value, written] : values) zones.push_back(written.zone);
  return fit(zones) ? Verdict::kLinearizable : Verdict::kViolated;
}

std::optional<Verdict> lock_verdict(const Calls& calls, std::span<const Interval> when,
                                    const Abstraction& abstraction) {
  std::vector<Zone> sections;
  for (unsigned thread = 0; thread < calls.threads(); ++thread) {
    for (std::uint32_t call = calls.begin(thread); call < calls.begin(thread + 1); ++call) {
      const Operation& operation = *calls[call].operation;
      if (!operation.result.is_nothing()) return std::nullopt;
      // Where each thread acquires first and releases then, a release is of its own acquire: of
      // those that have acquired before it, only that one is inside.
      const bool acquires = (call - calls.begin(thread)) % 2 == 0;
      const Role role = abstraction.roles[operation.function];
      if (role != (acquires ? Role::kAcquire : Role::kRelease)) return std::nullopt;
      if (acquires) {
        sections.emplace_back().take(when[call]);
        sections.back().last = Interval::kForEver;
      } else {
        sections.back().last = when[call].begin;
      }
    }
  }
  return fit(sections) ? Verdict::kLinearizable : Verdict::kViolated;
}

}  // namespace weft::linearize::internal
