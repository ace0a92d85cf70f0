// Memory that is used after somebody else has freed it, or that two free. Bugs of glibc (BZ 13690),
// Abseil (commit 9444b11e), java-profiler (PR 310), Folly (commit 8757861f), crossbeam (PR 1187),
// and the one that every stack without reclamation has.
#include <atomic>

#include "scenarios/specimens/judge.h"
#include "scenarios/specimens/reclamation/reclamation.h"
#include "scenarios/specimens/side_by_side.h"

namespace weft::scenarios::specimens::reclamation {
namespace {

// unlock() lets go and then looks whether somebody waits. Who gets the lock in between is the last
// one and frees it. Mended, one step does both.
template <bool kMended>
class SpinLock {
 public:
  bool try_lock() {
    int seen = 0;
    return word_.compare_exchange_strong(seen, 1);
  }
  void unlock() {
    word_ = 0;
    if (!kMended && waiters_ != 0) return;
  }

 private:
  std::atomic<int> word_{1};  // its maker has it
  std::atomic<int> waiters_{0};
};

template <bool kMended>
std::string last_owner_frees() {
  auto* const lock = new SpinLock<kMended>;
  std::atomic<bool> freed{false};
  side_by_side([&] { lock->unlock(); },
               [&] {
                 if (!lock->try_lock()) return;
                 delete lock;
                 freed = true;
               });
  if (!freed) delete lock;
  return "";
}

// A waiter sleeps on a record of its own, which it frees when its state says so. The waker sets the
// state and then posts.
struct Waiter {
  std::atomic<bool> woken{false};
  std::atomic<int> posts{0};
};

template <bool kMended>
std::string wake() {
  auto* const waiter = new Waiter;
  std::atomic<bool> freed{false};
  side_by_side(
      [&] {
        if (kMended) {
          ++waiter->posts;
          waiter->woken = true;
        } else {
          waiter->woken = true;
          ++waiter->posts;
        }
      },
      [&] {
        if (!waiter->woken) return;  // it does something else
        delete waiter;
        freed = true;
      });
  if (!freed) delete waiter;
  return "";
}

// A hazard pointer that is published in two steps: where, and that it counts. Between the two the
// reader has looked again already. (Michael: "Hazard Pointers", TPDS 2004.)
template <bool kMended>
std::string protect() {
  std::atomic<std::atomic<int>*> shared{new std::atomic<int>(1)};
  std::atomic<std::atomic<int>*> hazard{nullptr};
  std::atomic<bool> counts{kMended};
  std::atomic<int>* left = nullptr;
  side_by_side(
      [&] {
        std::atomic<int>* const seen = shared;
        if (seen == nullptr) return;
        hazard = seen;
        if (shared != seen) return;
        counts = true;
        ++*seen;
        hazard = nullptr;
      },
      [&] {
        std::atomic<int>* const old = shared.exchange(nullptr);
        if (counts && hazard == old) {
          left = old;  // to be looked at again
        } else {
          delete old;
        }
      });
  delete left;
  return "";
}

// Who counts down to nothing frees. The other one has counted before, and looks at the object once
// more.
template <bool kMended>
std::string count_down() {
  struct Counted {
    std::atomic<int> owners{2};
    std::atomic<int> uses{0};
  };
  auto* const object = new Counted;
  const auto drop = [=] {
    if (kMended) ++object->uses;
    const bool is_last = object->owners.fetch_sub(1) == 1;
    if (is_last) {
      delete object;
    } else if (!kMended) {
      ++object->uses;
    }
  };
  side_by_side(drop, drop);
  return "";
}

// The end of a channel frees what is left in it; so does the last message's receiver.
template <bool kMended>
std::string drop_twice() {
  std::atomic<std::atomic<int>*> block{new std::atomic<int>(1)};
  const auto drop = [&] {
    std::atomic<int>* found = nullptr;
    if (kMended) {
      found = block.exchange(nullptr);
    } else {
      found = block;
      block = nullptr;
    }
    delete found;
  };
  side_by_side(drop, drop);
  return "";
}

// pop() reads the link of a node that another pop() has taken and freed. Mended, nodes are freed
// when nobody pops any more.
template <bool kMended>
std::string pop_and_free() {
  struct Node {
    std::atomic<Node*> next;
  };
  std::atomic<Node*> head{new Node{new Node{nullptr}}};
  Node* popped[2] = {};
  crowd(2, [&](int i) {
    Node* top = head;
    while (top != nullptr && !head.compare_exchange_strong(top, top->next.load())) {
    }
    if (kMended) {
      popped[i] = top;
    } else {
      delete top;
    }
  });
  for (Node* node : popped) delete node;
  return "";
}

}  // namespace

constinit const Classic kUnlockOfFreed{
    .name = "reclamation/unlock_of_freed",
    .family = "reclamation",
    .mistake = "unlock() looks at the lock after it has let go the thread that frees it",
    .kind = kind::kUseAfterFree,
    .preemptions = 1,
    .body = last_owner_frees<false>,
    .mended = last_owner_frees<true>,
};

constinit const Classic kPostAfterState{
    .name = "reclamation/post_after_state",
    .family = "reclamation",
    .mistake = "a waiter is told that it may go before the waker is done with its record",
    .kind = kind::kUseAfterFree,
    .preemptions = 1,
    .body = wake<false>,
    .mended = wake<true>,
};

constinit const Classic kHazardInTwoSteps{
    .name = "reclamation/hazard_in_two_steps",
    .family = "reclamation",
    .mistake = "a hazard pointer counts only after the object was looked at for the last time",
    .kind = kind::kUseAfterFree,
    .preemptions = 1,
    .body = protect<false>,
    .mended = protect<true>,
};

constinit const Classic kUsedAfterCountDown{
    .name = "reclamation/used_after_count_down",
    .family = "reclamation",
    .mistake = "an owner uses the object after it has counted itself out",
    .kind = kind::kUseAfterFree,
    .preemptions = 1,
    .body = count_down<false>,
    .mended = count_down<true>,
};

constinit const Classic kDroppedTwice{
    .name = "reclamation/dropped_twice",
    .family = "reclamation",
    .mistake = "two free what is left, each after it has seen that it is there",
    .kind = kind::kDoubleFree,
    .preemptions = 1,
    .body = drop_twice<false>,
    .mended = drop_twice<true>,
};

constinit const Classic kPoppedAndFreed{
    .name = "reclamation/popped_and_freed",
    .family = "stack",
    .mistake = "pop() follows the link of a node that another one has popped and freed",
    .kind = kind::kUseAfterFree,
    .preemptions = 1,
    .body = pop_and_free<false>,
    .mended = pop_and_free<true>,
};

}  // namespace weft::scenarios::specimens::reclamation
