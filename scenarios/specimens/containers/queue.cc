// The queue of Michael and Scott ("Simple, Fast, and Practical Non-Blocking and Blocking Concurrent
// Queue Algorithms", PODC 1996). A node that is used again must not get its link's tag anew: a
// producer that saw the link before links its own node to one that is not in the queue, and its
// items change places (boost lockfree, issue 59).
#include <array>
#include <atomic>

#include "scenarios/specimens/containers/containers.h"
#include "scenarios/specimens/containers/tagged.h"
#include "scenarios/specimens/judge.h"
#include "scenarios/specimens/side_by_side.h"

namespace weft::scenarios::specimens::containers {
namespace {

constexpr int kNodes = 4;

// Node 0 is in it as the dummy; the others belong to the callers.
template <bool kMended>
class Queue {
 public:
  Queue() {
    for (auto& next : next_) next = tagged(kNone, 0);
  }
  void enqueue(int node, int value) {
    value_[node] = value;
    next_[node] = tagged(kNone, kMended ? tag_of(next_[node]) + 1 : 0);
    for (;;) {
      Tagged tail = tail_;
      Tagged next = next_[index_of(tail)];
      if (tail != tail_) continue;
      if (index_of(next) != kNone) {
        tail_.compare_exchange_strong(tail, tagged(index_of(next), tag_of(tail) + 1));
      } else if (next_[index_of(tail)].compare_exchange_strong(next,
                                                               tagged(node, tag_of(next) + 1))) {
        tail_.compare_exchange_strong(tail, tagged(node, tag_of(tail) + 1));
        return;
      }
    }
  }
  // The node that is free now, kNone if the queue was empty.
  int dequeue(int& value) {
    for (;;) {
      Tagged head = head_, tail = tail_;
      const Tagged next = next_[index_of(head)];
      if (head != head_) continue;
      if (index_of(next) == kNone) return kNone;
      if (index_of(head) == index_of(tail)) {
        tail_.compare_exchange_strong(tail, tagged(index_of(next), tag_of(tail) + 1));
        continue;
      }
      value = value_[index_of(next)];
      if (head_.compare_exchange_strong(head, tagged(index_of(next), tag_of(head) + 1))) {
        return index_of(head);
      }
    }
  }

 private:
  std::atomic<Tagged> head_{tagged(0, 0)}, tail_{tagged(0, 0)};
  std::array<std::atomic<Tagged>, kNodes> next_;
  std::array<std::atomic<int>, kNodes> value_{};
};

template <bool kMended>
std::string use_node_again() {
  Queue<kMended> queue;
  bool first_seen = false;
  bool in_order = true;
  const auto look = [&](int value) {
    if (value == 1) first_seen = true;
    if (value == 2 && !first_seen) in_order = false;
  };
  side_by_side(
      [&] {
        queue.enqueue(2, 1);
        queue.enqueue(3, 2);
      },
      [&] {
        queue.enqueue(1, 10);
        int value = 0;
        const int free = queue.dequeue(value);
        look(value);
        if (free != kNone) queue.enqueue(free, 11);
      });
  int value = 0;
  for (int i = 0; i < kNodes && queue.dequeue(value) != kNone; ++i) look(value);
  return unless(in_order, "a producer's second item comes before its first");
}

}  // namespace

constinit const Classic kTagBeginsAnew{
    .name = "containers/tag_begins_anew",
    .family = "queue",
    .mistake = "a node that is used again gets the tag of its link anew",
    .kind = kind::kAssertion,
    .preemptions = 2,
    .body = use_node_again<false>,
    .mended = use_node_again<true>,
};

}  // namespace weft::scenarios::specimens::containers
