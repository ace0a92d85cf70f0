// Treiber's stack ("Systems Programming: Coping with Parallelism", 1986), of nodes that are
// numbers. Without a tag a head that has come back passes for one that never changed (ABA); and a
// link that is cleared after the node was given away is another's link (taskflow, commit 86e3699a).
#include <array>
#include <atomic>

#include "scenarios/specimens/containers/containers.h"
#include "scenarios/specimens/containers/tagged.h"
#include "scenarios/specimens/judge.h"
#include "scenarios/specimens/side_by_side.h"

namespace weft::scenarios::specimens::containers {
namespace {

constexpr int kNodes = 3;

// All nodes are in it, 0 at the top.
template <bool kTagged>
class Stack {
 public:
  Stack() {
    for (int i = 0; i < kNodes; ++i) next_[i] = i + 1 < kNodes ? i + 1 : kNone;
  }
  int pop() {
    Tagged head = head_;
    while (index_of(head) != kNone) {
      const int next = next_[index_of(head)];
      if (head_.compare_exchange_strong(head, after(head, next))) break;
    }
    return index_of(head);
  }
  void push(int node) {
    Tagged head = head_;
    do next_[node] = index_of(head);
    while (!head_.compare_exchange_strong(head, after(head, node)));
  }
  void clear_link(int node) { next_[node] = kNone; }

 private:
  static Tagged after(Tagged head, int index) {
    return tagged(index, kTagged ? tag_of(head) + 1 : 0);
  }
  std::atomic<Tagged> head_{tagged(0, 0)};
  std::array<std::atomic<int>, kNodes> next_;
};

template <bool kMended>
std::string pop_while_top_comes_back() {
  Stack<kMended> stack;
  std::array<int, kNodes + 1> owners{};
  int first = kNone, second = kNone;
  side_by_side([&] { first = stack.pop(); },
               [&] {
                 const int top = stack.pop();
                 second = stack.pop();
                 if (top != kNone) stack.push(top);
               });
  const auto own = [&](int node) { ++owners[node == kNone ? kNodes : node]; };
  own(first);
  own(second);
  for (int node; (node = stack.pop()) != kNone && owners[node] == 0;) own(node);
  int owned = 0;
  for (int i = 0; i < kNodes; ++i) owned += owners[i] == 1;
  return unless_equal("number of nodes with one owner", owned, kNodes) +
         unless(first == kNone || first != second, "two threads own a node");
}

template <bool kMended>
std::string give_away_then_clear() {
  Stack<true> stack;
  std::atomic<int> done{kNone};
  side_by_side(
      [&] {
        const int node = stack.pop();
        if (kMended) stack.clear_link(node);
        done = node;  // its owner may use it again
        if (!kMended) stack.clear_link(node);
      },
      [&] {
        const int node = done;
        if (node != kNone) stack.push(node);
      });
  int left = 0;
  while (stack.pop() != kNone) ++left;
  return unless(left >= kNodes - 1, "nodes are lost that nobody has popped");
}

}  // namespace

constinit const Classic kTopComesBack{
    .name = "containers/top_comes_back",
    .family = "stack",
    .mistake = "a node that was popped and pushed again passes for one that never moved",
    .kind = kind::kAssertion,
    .preemptions = 1,
    .body = pop_while_top_comes_back<false>,
    .mended = pop_while_top_comes_back<true>,
};

constinit const Classic kLinkClearedLate{
    .name = "containers/link_cleared_late",
    .family = "stack",
    .mistake = "a node's link is cleared after the node has been given away",
    .kind = kind::kAssertion,
    .preemptions = 1,
    .body = give_away_then_clear<false>,
    .mended = give_away_then_clear<true>,
};

}  // namespace weft::scenarios::specimens::containers
