// Queues whose items are all different.
#include <algorithm>
#include <list>
#include <set>
#include <vector>

#include "stress/linearize/fast.h"
#include "stress/linearize/items.h"

namespace weft::linearize::internal {
namespace {

// Somebody's put came certainly before another's, and his item certainly not before the other's.
bool overtaken(const std::vector<Item>& items, std::span<const Interval> when) {
  const auto take_begin = [&](const Item& item) {
    return item.take == Item::kNone ? Interval::kForEver : when[item.take].begin;
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
    if (item.take != Item::kNone && when[item.take].end < latest) return true;
  }
  return false;
}

// The items in an order that keeps those of their puts and of their takes, if there is one; among
// those that may be next, by the middle of their times.
std::vector<Item> in_line(std::vector<Item> items, std::span<const Interval> when) {
  const auto take = [&](const Item& item) {
    return item.take == Item::kNone ? Interval{.begin = Interval::kForEver} : when[item.take];
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
  const bool wrong =
      taken_too_early(all, when) || overtaken(all.items, when) || wrongly_empty(all, when);
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
