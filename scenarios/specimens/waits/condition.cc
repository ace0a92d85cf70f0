// Condition variables whose signal reaches the wrong thread or none: one that remembers signals and
// not who waited for them (glibc, BZ 13165), one that sleeps on a flag which another waiter sets
// anew (musl, commit 97c5b5a8), one with two groups of waiters that take turns (glibc, BZ 25847).
#include <atomic>
#include <condition_variable>
#include <mutex>

#include "primitives/base/deadline.h"
#include "primitives/base/futex.h"
#include "scenarios/specimens/judge.h"
#include "scenarios/specimens/side_by_side.h"
#include "scenarios/specimens/waits/waits.h"

namespace weft::scenarios::specimens::waits {
namespace {

// The lock of the condition is its only one, so what wait() does before it lets it go is one step.
using Hold = std::unique_lock<std::mutex>;

// Counts signals that nobody has taken yet. Mended, also how many waited when they were sent.
template <bool kMended>
class SignalsRemembered {
 public:
  // Returns whether a signal was sent since this wait began.
  bool wait(Hold& hold) {
    const int ticket = tickets_++;
    const int sent_before = sent_;
    while (kMended ? taken_up_to_ <= ticket : signals_ == 0) {
      const std::uint32_t seen = word_.load();
      hold.unlock();
      futex::wait(word_, seen, Deadline::never());
      hold.lock();
    }
    --signals_;
    return sent_ > sent_before;
  }
  void signal() {
    if (taken_up_to_ < tickets_) ++taken_up_to_, ++signals_;
    ++sent_;
    word_.fetch_add(1);
    futex::wake_all(word_);
  }
  bool is_waited_for() const { return taken_up_to_ < tickets_; }

 private:
  futex::Word word_{0};
  int tickets_ = 0;
  int taken_up_to_ = 0;
  int signals_ = 0;
  int sent_ = 0;
};

template <bool kMended>
std::string late_waiter() {
  SignalsRemembered<kMended> condition;
  std::mutex lock;
  std::condition_variable changed;
  int waits_left = 2;
  bool own_signals = true;
  const auto wait = [&] {
    Hold hold(lock);
    changed.notify_one();
    own_signals &= condition.wait(hold);
    --waits_left;
    changed.notify_one();
  };
  side_by_side(wait, wait, [&] {
    Hold hold(lock);
    while (waits_left > 0) {
      if (condition.is_waited_for()) condition.signal();
      changed.wait(hold);
    }
  });
  return unless(own_signals, "a signal woke a thread that began to wait after it");
}

// Sleeps as long as a flag is up. A signal takes it down; the next waiter puts it up again, and a
// thread that has not fallen asleep yet does so after its signal. Mended it counts.
template <bool kMended>
class FlagUp {
 public:
  void wait(Hold& hold) {
    std::uint32_t seen = 1;
    if (kMended) {
      seen = word_.load();
    } else {
      word_.store(1);
    }
    hold.unlock();
    futex::wait(word_, seen, Deadline::never());
    hold.lock();
  }
  void broadcast() {
    kMended ? word_.fetch_add(1) : word_.exchange(0);
    futex::wake_all(word_);
  }

 private:
  futex::Word word_{0};
};

template <bool kMended>
std::string one_after_the_other() {
  FlagUp<kMended> condition;
  std::mutex lock;
  int stage = 0;
  const auto wait_for = [&](int wanted) {
    Hold hold(lock);
    while (stage < wanted) condition.wait(hold);
  };
  const auto go_to = [&](int next) {
    Hold hold(lock);
    stage = next;
    condition.broadcast();
  };
  side_by_side(
      [&] {
        wait_for(1);
        go_to(2);
      },
      [&] { wait_for(2); }, [&] { go_to(1); });
  return "";
}

// Waiters join the younger of two groups; a signal goes to the older one, and when that has none
// left the groups change places: the old one is closed, which lets its stragglers go, and its place
// is used for the younger. A straggler that has looked whether it is closed before, and takes a
// signal after, steals it from a waiter of the new group. Mended it looks again under the lock.
template <bool kMended>
class TwoGroups {
 public:
  struct Waiter {
    int group;
    int era;
  };
  Waiter enter() {
    ++size_[young_];
    return {young_, era_[young_]};
  }
  void wait_in(const Waiter& waiter, Hold& hold) {
    const auto [mine, era] = waiter;
    hold.unlock();
    for (;;) {
      const std::uint32_t seen = changes_.load();
      if (era_[mine] != era) break;
      int signals = signals_[mine];
      if (signals == 0) {
        futex::wait(changes_, seen, Deadline::never());
      } else if (kMended) {
        hold.lock();
        if (era_[mine] != era) return;
        if (signals_[mine] > 0) {
          --signals_[mine];
          return;
        }
        hold.unlock();
      } else if (signals_[mine].compare_exchange_strong(signals, signals - 1)) {
        break;
      }
    }
    hold.lock();
  }
  void signal() {
    if (size_[1 - young_] == 0) {
      // Those that are still there have been signalled already.
      const int closed = 1 - young_;
      ++era_[closed];
      signals_[closed] = 0;
      young_ = closed;
    }
    const int old = 1 - young_;
    --size_[old];
    ++signals_[old];
    changes_.fetch_add(1);
    futex::wake_all(changes_);
  }
  bool is_waited_for() const { return size_[0] + size_[1] > 0; }

 private:
  int young_ = 0;
  int size_[2] = {};  // not signalled yet
  std::atomic<int> era_[2] = {};
  std::atomic<int> signals_[2] = {};
  futex::Word changes_{0};
};

// One thread waits, and the other plays the rest: who signals it, and two more that wait, one after
// the other, and are signalled.
template <bool kMended>
std::string straggler() {
  TwoGroups<kMended> condition;
  std::mutex lock;
  bool too_late = false;
  side_by_side(
      [&] {
        Hold hold(lock);
        if (!too_late) condition.wait_in(condition.enter(), hold);
      },
      [&] {
        Hold hold(lock);
        too_late = true;
        if (condition.is_waited_for()) condition.signal();
        for (int i = 0; i < 2; ++i) {
          const auto waiter = condition.enter();
          condition.signal();
          condition.wait_in(waiter, hold);
        }
      });
  return "";
}

}  // namespace

constinit const Classic kSignalTakenByLaterWaiter{
    .name = "waits/signal_taken_by_later_waiter",
    .family = "condition",
    .mistake = "a signal is a number that any thread may take, also one that waits only since then",
    .kind = kind::kAssertion,
    .preemptions = 0,
    .body = late_waiter<false>,
    .mended = late_waiter<true>,
};

constinit const Classic kFlagUpAgain{
    .name = "waits/flag_up_again",
    .family = "condition",
    .mistake = "a thread on its way to sleep finds the flag as it left it, put up by another one",
    .kind = kind::kDeadlock,
    .says = "waits for futex",
    .preemptions = 1,
    .body = one_after_the_other<false>,
    .mended = one_after_the_other<true>,
};

constinit const Classic kSignalStolen{
    .name = "waits/signal_stolen",
    .family = "condition",
    .mistake = "a straggler of a closed group takes a signal of the group that has its place now",
    .kind = kind::kDeadlock,
    .says = "waits for futex",
    .preemptions = 2,
    .body = straggler<false>,
    .mended = straggler<true>,
};

}  // namespace weft::scenarios::specimens::waits
