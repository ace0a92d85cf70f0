// Stacks whose items are all different, by decrease and conquer (Lee, Mathur: "Efficient
// Decrease-and-Conquer Linearizability Monitoring", OOPSLA 2025).
//
// Of two rules each leaves an order of what is left if and only if there was one of all:
//
//   peel   an item whose put may stand before all else, and its take behind all else, may lie at
//          the bottom of the stack: leave it out. (In any order of the others both may be put
//          around them; and with an item left out, an order is still one.)
//   split  at a moment at which no item is certainly inside, the stack may be empty: what may have
//          come and gone by then comes before, and the rest behind. (No call of the rest ends
//          before that moment, and none of the others begins after it.)
//
// Where neither goes on there is no order. For say that there is one: it is a row of blocks, each
// an item with all that lies above it, and between two blocks the stack is empty at some moment.
// Let `left` of an item be the first end of its two calls: at a moment it comes before iff its
// `left` is below. No such moment is above the lowest `left` and not above the highest, or one
// could split there. So all blocks but the last are of items whose calls all go on at the lowest
// `left`; and the bottom item of the last block began by then, or one could split where it began.
// Then nothing ends before it begins, and nothing begins after its take: one could peel it.
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

struct Times {
  Interval put;
  Interval take;
  std::int64_t left() const { return std::min(put.end, take.end); }
};
using Group = std::vector<Times>;

// What is left when all is peeled that can be.
Group peeled(Group group) {
  std::multiset<std::int64_t> ends, begins;
  for (const Times& item : group) {
    ends.insert({item.put.end, item.take.end});
    begins.insert({item.put.begin, item.take.begin});
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
    for (const std::int64_t end : {item.put.end, item.take.end}) ends.erase(ends.find(end));
    for (const std::int64_t begin : {item.put.begin, item.take.begin}) {
      begins.erase(begins.find(begin));
    }
    first.pop();
  }
  Group rest(group.begin() + static_cast<std::ptrdiff_t>(next), group.end());
  for (; !first.empty(); first.pop()) rest.push_back(group[first.top()]);
  return rest;
}

// At every moment at which that is possible.
std::vector<Group> split(Group group) {
  std::vector<Interval> inside;  // the moments at which an item is certainly there
  for (const Times& item : group) {
    if (item.put.end + 1 < item.take.begin) {
      inside.push_back({item.put.end + 1, item.take.begin - 1});
    }
  }
  std::sort(inside.begin(), inside.end(),
            [](const Interval& a, const Interval& b) { return a.begin < b.begin; });
  std::sort(group.begin(), group.end(),
            [](const Times& a, const Times& b) { return a.left() < b.left(); });
  std::vector<Group> groups;
  std::size_t next = 0;
  std::int64_t covered = -1;  // up to here, from the last `left` on
  for (const Times& item : group) {
    // The first moment that may be empty behind what came before must not be above this `left`.
    if (!groups.empty()) {
      std::int64_t moment = groups.back().back().left() + 1;
      moment = std::max(moment, covered + 1);
      for (; next < inside.size() && inside[next].begin <= moment; ++next) {
        moment = std::max(moment, inside[next].end + 1);
      }
      covered = std::max(covered, moment - 1);
      if (moment > item.left()) {
        groups.back().push_back(item);
        continue;
      }
    }
    groups.push_back({item});
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
  constexpr std::int64_t kEnd = Interval::kForEver - 1;  // of time
  Group group;
  for (const Item& item : all.items) {
    const Interval put = when[item.put];
    const Interval take = item.take == Item::kNone ? Interval{kEnd, kEnd} : when[item.take];
    group.push_back({.put = {put.begin, std::min(put.end, kEnd)},
                     .take = {take.begin, std::min(take.end, kEnd)}});
  }
  return has_order(std::move(group)) ? Verdict::kLinearizable : Verdict::kViolated;
}

}  // namespace weft::linearize::internal
