#include "stress/linearize/items.h"

#include <algorithm>

#include "stress/linearize/convert.h"

namespace weft::linearize::internal {

bool Items::read(const Calls& calls, const Abstraction& abstraction) {
  const Value empty = thrown("QueueEmpty");
  for (std::uint32_t call = 0; call < calls.size(); ++call) {
    const Operation& operation = *calls[call].operation;
    if (abstraction.roles[operation.function] != Role::kPut) continue;
    if (operation.arguments.size() != 1) return false;
    if (!operation.result.is_nothing()) has_wrong_result = true;
    const Value& item = operation.arguments[0];
    if (item.is_nothing() || item == empty) return false;
    if (!numbers_.try_emplace(item, items.size()).second) return false;
    items.push_back({.put = call});
  }
  for (std::uint32_t call = 0; call < calls.size(); ++call) {
    const Operation& operation = *calls[call].operation;
    const Role role = abstraction.roles[operation.function];
    if (role != Role::kTake && role != Role::kTryTake && role != Role::kTakeNow) continue;
    const Value& result = operation.result;
    if ((role == Role::kTryTake && result.is_nothing()) ||
        (role == Role::kTakeNow && result == empty)) {
      empties.push_back(call);
      continue;
    }
    const auto found = numbers_.find(result);
    if (found == numbers_.end() || items[found->second].take != Item::kNone) {
      has_wrong_result = true;  // of what was never put, or was taken already
      continue;
    }
    items[found->second].take = call;
  }
  return true;
}

bool taken_too_early(const Items& all, std::span<const Interval> when) {
  return std::any_of(all.items.begin(), all.items.end(), [&](const Item& item) {
    return item.take != Item::kNone && when[item.take].end < when[item.put].begin;
  });
}

bool wrongly_empty(const Items& all, std::span<const Interval> when) {
  const auto moments = static_cast<std::int64_t>(when.size()) + 1;
  std::vector<std::int64_t> inside(static_cast<std::size_t>(moments) + 1, 0);
  const auto at = [](auto& list, std::int64_t i) -> auto& {
    return list[static_cast<std::size_t>(i)];
  };
  for (const Item& item : all.items) {
    const std::int64_t from = std::min(when[item.put].end, moments - 1) + 1;
    const std::int64_t to =
        item.take == Item::kNone ? moments : std::min(when[item.take].begin, moments);
    if (from >= to) continue;
    ++at(inside, from);
    --at(inside, to);
  }
  std::vector<std::int64_t> free(static_cast<std::size_t>(moments) + 1, 0);  // before each moment
  std::int64_t count = 0;
  for (std::int64_t moment = 0; moment < moments; ++moment) {
    count += at(inside, moment);
    at(free, moment + 1) = at(free, moment) + (count == 0 ? 1 : 0);
  }
  return std::any_of(all.empties.begin(), all.empties.end(), [&](std::uint32_t call) {
    const std::int64_t end = std::min(when[call].end, moments - 1);
    return at(free, end + 1) == at(free, when[call].begin);
  });
}

}  // namespace weft::linearize::internal
