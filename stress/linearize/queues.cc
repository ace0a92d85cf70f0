// Queues whose items are all different.
#include <algorithm>
#include <list>
#include <set>
#include <unordered_map>
#include <utility>
#include <vector>

#include "stress/linearize/convert.h"
#include "stress/linearize/fast.h"

namespace weft::linearize::internal {
namespace {

constexpr std::uint32_t kNone = ~std::uint32_t{0};

struct Item {
  std::uint32_t put = kNone;
  std::uint32_t take = kNone;
};

class Items {
 public:
  // False if the items are not all different.
  bool read(const Calls& calls, const Abstraction& abstraction) {
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
      if (found == numbers_.end() || items[found->second].take != kNone) {
        has_wrong_result = true;  // of what was never put, or was taken already
        continue;
      }
      items[found->second].take = call;
    }
    return true;
  }

  std::vector<Item> items;
  std::vector<std::uint32_t> empties;  // takes that found nothing
  bool has_wrong_result = false;

 private:
  std::unordered_map<Value, std::size_t> numbers_;
};

// Somebody's put came certainly before another's, and his item certainly not before the other's.
bool overtaken(const std::vector<Item>& items, std::span<const Interval> when) {
  const auto take_begin = [&](const Item& item) {
    return item.take == kNone ? Interval::kForEver : when[item.take].begin;
  };
  std::vector<Item> by_end = items, by_begin = items;
  std::sort(by_end.begin(), by_end.end(),
            [&](const Item& a, const Item& b) { return when[a.put].end < when[b.put].end; });
  std::sort(by_begin.begin(), by_begin.end(),
            [&](const Item& a, const Item& b) { return when[a.put].begin < when[b.put].begin; });
  std::size_t next = 0;
  std::int64_t latest = -1;  // beginning of a take, of the items that were put before
  for (const Item& item : by_begin) {
    for (; next < by_end.size() && when[by_end[next].put].end < when[item.put].begin; ++next) {
      latest = std::max(latest, take_begin(by_end[next]));
    }
    if (item.take != kNone && when[item.take].end < latest) return true;
  }
  return false;
}

// At each moment of a take that found nothing, some item is certainly inside: between the end of
// its put and the beginning of its take.
bool wrongly_empty(const Items& all, std::span<const Interval> when) {
  const auto moments = static_cast<std::int64_t>(when.size()) + 1;
  std::vector<std::int64_t> inside(static_cast<std::size_t>(moments) + 1, 0);
  const auto at = [](auto& list, std::int64_t i) -> auto& {
    return list[static_cast<std::size_t>(i)];
  };
  for (const Item& item : all.items) {
    const std::int64_t from = std::min(when[item.put].end, moments - 1) + 1;
    const std::int64_t to = item.take == kNone ? moments : std::min(when[item.take].begin, moments);
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

// The items in an order that keeps those of their puts and of their takes, if there is one; among
// those that may be next, by the middle of their times.
std::vector<Item> in_line(std::vector<Item> items, std::span<const Interval> when) {
  const auto take = [&](const Item& item) {
    return item.take == kNone ? Interval{.begin = Interval::kForEver} : when[item.take];
  };
  // Between the last moment of the put and the first of the take, one way round or the other.
  const auto middle = [&](const Item& item) {
    const auto last = static_cast<std::int64_t>(when.size());
    const Interval put = when[item.put];
    return std::min(put.end, take(item).end) +
           std::min(std::max(put.begin, take(item).begin), last);
  };
  std::sort(items.begin(), items.end(),
            [&](const Item& a, const Item& b) { return middle(a) < middle(b); });
  std::multiset<std::int64_t> puts, takes;  // ends of those that are left
  for (const Item& item : items) {
    puts.insert(when[item.put].end);
    takes.insert(take(item).end);
  }
  std::list<Item> left(items.begin(), items.end());
  std::vector<Item> line;
  while (!left.empty()) {
    const auto next = std::find_if(left.begin(), left.end(), [&](const Item& item) {
      return when[item.put].begin <= *puts.begin() && take(item).begin <= *takes.begin();
    });
    if (next == left.end()) break;
    puts.erase(puts.find(when[next->put].end));
    takes.erase(takes.find(take(*next).end));
    line.push_back(*next);
    left.erase(next);
  }
  return line;
}

}  // namespace

std::optional<Verdict> queue_verdict(const Calls& calls, std::span<const Interval> when,
                                     const Abstraction& abstraction) {
  Items all;
  if (!all.read(calls, abstraction)) return std::nullopt;
  if (all.has_wrong_result) return Verdict::kViolated;
  for (const Item& item : all.items) {
    if (item.take != kNone && when[item.take].end < when[item.put].begin) {
      return Verdict::kViolated;
    }
  }
  const bool wrong = overtaken(all.items, when) || wrongly_empty(all, when);
  return wrong ? Verdict::kViolated : Verdict::kLinearizable;
}

bool guide(Calls& calls, const Abstraction& abstraction) {
  if (abstraction.kind != Kind::kQueue) return false;
  Items all;
  const auto when = intervals_of(calls);
  if (!when || !all.read(calls, abstraction)) return false;
  const std::vector<Item> line = in_line(all.items, *when);
  for (std::size_t i = 1; i < line.size(); ++i) calls.require(line[i].put, line[i - 1].put);
  return true;
}

}  // namespace weft::linearize::internal
