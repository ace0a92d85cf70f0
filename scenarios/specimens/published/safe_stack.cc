// Vyukov's SafeStack, posed as a riddle in 2010: a stack of indices whose pop() takes an item's
// link out while it changes the head. With three threads an item can come back under a pop that has
// stalled (ABA), so that two threads own it. It takes three threads and five preemptions; published
// searches found it after 100,000s of executions or never.
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

template <bool kMended>
class SafeStack {
 public:
  SafeStack() {
    for (int i = 0; i < kItems; ++i) next_[i] = i + 1 < kItems ? i + 1 : kNone;
  }
  // kNone if there may be no more than one left, or somebody was in the way.
  int pop() {
    std::unique_lock hold(lock_, std::defer_lock);
    if (kMended) hold.lock();
    while (count_ > 1) {
      int head = head_;
      const int next = next_[head].exchange(kNone);
      if (next < 0) continue;
      if (head_.compare_exchange_strong(head, next)) {
        --count_;
        return head;
      }
      next_[head].exchange(next);
    }
    return kNone;
  }
  void push(int item) {
    std::unique_lock hold(lock_, std::defer_lock);
    if (kMended) hold.lock();
    int head = head_;
    do {
      next_[item] = head;
    } while (!head_.compare_exchange_strong(head, item));
    ++count_;
  }

 private:
  std::mutex lock_;
  std::array<std::atomic<int>, kItems> next_;
  std::atomic<int> head_{0};
  std::atomic<int> count_{kItems};
};

template <bool kMended>
std::string own_items() {
  SafeStack<kMended> stack;
  std::array<std::atomic<int>, kItems> owner{};
  std::atomic<bool> alone{true};
  crowd(kItems, [&](int i) {
    for (int turn = 0; turn < 2; ++turn) {
      int item = kNone;
      while (item == kNone) item = stack.pop();
      owner[item] = i;
      if (owner[item] != i) alone = false;
      stack.push(item);
    }
  });
  return unless(alone, "two threads own an item");
}

}  // namespace

constinit const Classic kSafeStack{
    .name = "published/safe_stack",
    .family = "safe_stack",
    .mistake = "an item that was popped and pushed again passes for one that was never touched",
    .kind = kind::kAssertion,
    .hard = "three threads and five preemptions: published searches need 100,000s of executions",
    .body = own_items<false>,
    .mended = own_items<true>,
};

}  // namespace weft::scenarios::specimens::published
