// Queues for work stealing: the owner pushes and pops at the tail, thieves take from the head. When
// one item is left, owner and thief must not both believe that it is theirs. After the programs
// "WorkStealQueue" and "InterlockedWorkStealQueue" of CHESS (Musuvathi et al., OSDI 2008); the
// first follows Cilk's THE protocol (Frigo, Leiserson, Randall, PLDI 1998).
#include <array>
#include <atomic>
#include <mutex>

#include "scenarios/specimens/judge.h"
#include "scenarios/specimens/published/published.h"
#include "scenarios/specimens/side_by_side.h"

namespace weft::scenarios::specimens::published {
namespace {

constexpr int kItems = 3;
constexpr int kNone = -1;

// Thieves lock; the owner does only when it meets one.
template <bool kMended>
class LockedQueue {
 public:
  void push(int item) {
    const int tail = tail_;
    items_[tail] = item;
    tail_ = tail + 1;
  }
  int pop() {
    const int last = tail_ - 1;
    // Mended, the owner says what it wants before it looks.
    const bool safe = kMended ? (tail_ = last, head_ <= last) : head_ <= last;
    tail_ = last;
    if (safe) return items_[last];
    std::scoped_lock hold(lock_);
    if (head_ <= last) return items_[last];
    tail_ = last + 1;
    return kNone;
  }
  int steal() {
    std::scoped_lock hold(lock_);
    const int first = head_;
    head_ = first + 1;
    if (first < tail_) return items_[first];
    head_ = first;
    return kNone;
  }

 private:
  std::mutex lock_;
  std::atomic<int> head_{0}, tail_{0};
  std::array<std::atomic<int>, kItems> items_{};
};

// Nobody locks.
template <bool kMended>
class InterlockedQueue {
 public:
  void push(int item) {
    const int tail = tail_;
    items_[tail] = item;
    tail_ = tail + 1;
  }
  int pop() {
    const int last = tail_ - 1;
    tail_ = last;
    int head = head_;
    if (head < last) return items_[last];
    bool mine = head == last;
    if (mine && kMended) mine = head_.compare_exchange_strong(head, last + 1);
    if (mine && !kMended) head_ = last + 1;
    tail_ = last + 1;
    return mine ? items_[last].load() : kNone;
  }
  int steal() {
    int first = head_;
    if (first >= tail_) return kNone;
    const int item = items_[first];
    return head_.compare_exchange_strong(first, first + 1) ? item : kNone;
  }

 private:
  std::atomic<int> head_{0}, tail_{0};
  std::array<std::atomic<int>, kItems> items_{};
};

template <class Queue>
std::string take_all() {
  Queue queue;
  std::array<std::atomic<int>, kItems> taken{};
  const auto take = [&](int item) {
    if (item != kNone) ++taken[item];
  };
  side_by_side(
      [&] {
        queue.push(0);
        queue.push(1);
        take(queue.pop());
        queue.push(2);
        take(queue.pop());
        take(queue.pop());
      },
      [&] {
        take(queue.steal());
        take(queue.steal());
      });
  for (int i = 0; i < kItems; ++i) take(queue.steal());
  for (const auto& times : taken) {
    if (times != 1) return "an item was taken " + std::to_string(times) + " times";
  }
  return "";
}

}  // namespace

constinit const Classic kWorkStealQueue{
    .name = "published/work_steal_queue",
    .family = "work_steal_queue",
    .mistake = "the owner looks at the head before it says which item it takes",
    .kind = kind::kAssertion,
    .preemptions = 1,
    .body = take_all<LockedQueue<false>>,
    .mended = take_all<LockedQueue<true>>,
};

constinit const Classic kInterlockedWorkStealQueue{
    .name = "published/interlocked_work_steal_queue",
    .family = "work_steal_queue",
    .mistake = "the owner takes the last item without contending for it",
    .kind = kind::kAssertion,
    .preemptions = 3,
    .body = take_all<InterlockedQueue<false>>,
    .mended = take_all<InterlockedQueue<true>>,
};

}  // namespace weft::scenarios::specimens::published
