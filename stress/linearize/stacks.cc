// Stacks whose items are all different, by decrease and conquer (Lee, Mathur: "Efficient
// Decrease-and-Conquer Linearizability Monitoring", OOPSLA 2025).
//
// An item is certainly inside at the moments between the end of its put and the beginning of its
// take. Of three rules each leaves an order of what is left if and only if there was one of all:
//
//   slip   an item whose put and take have a moment in common may be put and taken there with
//          nothing in between: leave it out.
//   peel   an item whose put may stand before all else, and its take behind all else, may lie at
//          the bottom of the stack: leave it out. (In any order of the others both may be put
//          around them; and with an item left out, an order is still one.)
//   split  at a moment at which no item is certainly inside, the stack may be empty: those whose
//          put ended before it come before, and the rest behind. (No call of the rest ends before
//          that moment, and none of the others begins after it.)
//
// Where none goes on there is no order. For say that there is one. If the stack were empty
// somewhere within it, one could split at the moment of the put that comes next: no item is
// certainly inside then; the put of each that was taken by then ended before its take began; and
// the put that comes next ends not before it. So what is put first is taken last, and one could
// peel it.
//
// An item that was never taken is taken at the end of time. A take that found nothing needs a
// moment at which no item is certainly inside, and no more: one can split there.
#include <algorithm>
#include <queue>
#include <set>
#include <utility>
#include <vector>

#include "stress/linearize/fast.h"
#include "stress/linearize/items.h"

namespace weft::linearize::internal {
namespace {

// The put ends before the take begins: the first end of the two is the put's, the last beginning
// the take's.
struct Times {
  Interval put;
  Interval take;
};
using Group = std::vector<Times>;

// What is left when all is peeled that can be.
Group peeled(Group group) {
  std::multiset<std::int64_t> ends, begins;
  for (const Times& item : group) {
    ends.insert(item.put.end);
    begins.insert(item.take.begin);
  }
  std::sort(group.begin(), group.end(),
            [](const Times& a, const Times& b) { return a.put.begin < b.put.begin; });
  // Of those that may be put first, the one that is taken last on top.
  const auto later = [&](std::size_t a, std::size_t b) {
    return group[a].take.end < group[b].take.end;
  };
  std::priority_queue<std::size_t, std::vector<std::size_t>, decltype(later)> first(later);
  std::size_t next = 0;
  while (!ends.empty()) {
    for (; next < group.size() && group[next].put.begin <= *ends.begin(); ++next) first.push(next);
    if (first.empty() || group[first.top()].take.end < *begins.rbegin()) break;
    const Times& item = group[first.top()];
    ends.erase(ends.find(item.put.end));
    begins.erase(begins.find(item.take.begin));
    first.pop();
  }
  Group rest(group.begin() + static_cast<std::ptrdiff_t>(next), group.end());
  for (; !first.empty(); first.pop()) rest.push_back(group[first.top()]);
  return rest;
}

// At every moment at which that is possible.
std::vector<Group> split(Group group) {
  std::sort(group.begin(), group.end(),
            [](const Times& a, const Times& b) { return a.put.end < b.put.end; });
  std::vector<Group> groups;
  std::int64_t empty = 0;  // the first moment at which all may have gone whose put has ended
  for (const Times& item : group) {
    if (empty <= item.put.end) groups.emplace_back();
    groups.back().push_back(item);
    empty = std::max(empty, item.take.begin);
  }
  return groups;
}

bool has_order(Group all) {
  std::vector<Group> open;
  open.push_back(std::move(all));
  while (!open.empty()) {
    Group rest = peeled(std::move(open.back()));
    open.pop_back();
    if (rest.empty()) continue;
    std::vector<Group> groups = split(std::move(rest));
    if (groups.size() == 1) return false;
    for (Group& group : groups) open.push_back(std::move(group));
  }
  return true;
}

}  // namespace

std::optional<Verdict> stack_verdict(const Calls& calls, std::span<const Interval> when,
                                     const Abstraction& abstraction) {
  Items all;
  if (!all.read(calls, abstraction)) return std::nullopt;
  if (all.has_wrong_result || taken_too_early(all, when) || wrongly_empty(all, when)) {
    return Verdict::kViolated;
  }
  Group group;
  for (const Item& item : all.items) {
    const Interval put = when[item.put];
    const Interval take =
        item.take == Item::kNone ? Interval{.begin = Interval::kForEver} : when[item.take];
    if (put.end < take.begin) group.push_back({.put = put, .take = take});  // else it slips in
  }
  return has_order(std::move(group)) ? Verdict::kLinearizable : Verdict::kViolated;
}

}  // namespace weft::linearize::internal
