// The threads that wait on one primitive, first come first served.
//
// Every thread sleeps on a word of its own, in a Waiter on its stack, linked into the WaitList of
// what it waits for. The primitive's mutex guards the list; so a waiter is notified exactly once or
// not at all, a time-out and a notification never both happen to it, and there are no spurious
// wake-ups: what wakes a thread is always addressed to it.
//
// Invariants, under the mutex:
//   (I1) A waiter is linked if and only if its state is kLooking or kAsleep.
//   (I2) Whoever unlinks a waiter changes its state in the same critical section, and does not
//        touch it after the mutex is released: its thread may be gone.
//   (I3) A thread enters the kernel only after it has changed its state from kLooking to kAsleep,
//        and whoever finds kAsleep there while changing it to the final one wakes it. Both are
//        read-modify-writes of one word, so one of them sees the other.
// Non-invariants: after notify() the waiter's thread has not run yet; another thread may lock the
//        mutex first and change what the waiter waits for. Callers look again.
// Thread safety: every function but the constructors needs the mutex; wait() is called by the
//        waiter's own thread.
// Memory ordering: what the notifier did before notify() is visible to the waiter after wait().
#pragma once

#include <cstddef>
#include <stop_token>

#include "primitives/base/mutex.h"

namespace weft::internal {

// A wake-up that is made when this object ends: declared before the lock of the mutex, it leaves
// the system call, and the woken thread's first step, out of the critical section. It holds an
// address only, as the waiter may be gone by then.
class LateWake {
 public:
  LateWake() = default;
  ~LateWake() {
    if (word_ != nullptr) futex::wake_one(*word_);
  }
  LateWake(const LateWake&) = delete;
  LateWake& operator=(const LateWake&) = delete;

 private:
  friend class WaitList;

  const futex::Word* word_ = nullptr;
};

enum class Wake { kNotified, kTimedOut, kStopped };

// Whether a waiting thread looks for a while before it sleeps (spin.h); it does not if it has a
// deadline. A primitive that has looked before it got into the list says no, and one whose waits
// are for threads that likely have no processor has them yield.
enum class Looking { kNo, kYes, kYielding };

class Waiter {
 public:
  Waiter() = default;
  Waiter(const Waiter&) = delete;
  Waiter& operator=(const Waiter&) = delete;

 private:
  friend class WaitList;

  static constexpr std::uint32_t kLooking = 0;
  static constexpr std::uint32_t kAsleep = 1;
  static constexpr std::uint32_t kNotified = 2;
  static constexpr std::uint32_t kStopped = 3;

  // relaxed, all three: hints to stop sleeping. The mutex, which the notifier holds while it writes
  // and the waiter takes before it returns, orders what the two did.
  std::uint32_t state() const { return state_.load(std::memory_order_relaxed); }
  std::uint32_t exchange_state(std::uint32_t state) {
    return state_.exchange(state, std::memory_order_relaxed);
  }
  bool fall_asleep() {
    std::uint32_t expected = kLooking;
    return state_.compare_exchange_strong(expected, kAsleep, std::memory_order_relaxed);
  }

  bool is_linked() const { return state() == kLooking || state() == kAsleep; }
  void sleep_until_finished(const Deadline& deadline, Looking looking);

  futex::Word state_{kLooking};
  Waiter* previous_ = nullptr;  // guarded by the list's mutex
  Waiter* next_ = nullptr;      // guarded by the list's mutex
};

class WaitList {
 public:
  WaitList() = default;
  WaitList(const WaitList&) = delete;
  WaitList& operator=(const WaitList&) = delete;

  // Links `waiter` at the end, releases `mutex`, sleeps until notified, stopped or past `deadline`,
  // and returns with `mutex` held again. A notification that came first wins over the other two.
  Wake wait(Mutex& mutex, Waiter& waiter, const Deadline& deadline,
            const std::stop_token& stop = {}, Looking looking = Looking::kYes) WEFT_REQUIRES(mutex);
  Wake wait(Mutex& mutex, const Deadline& deadline, const std::stop_token& stop = {},
            Looking looking = Looking::kYes) WEFT_REQUIRES(mutex) {
    Waiter waiter;
    return wait(mutex, waiter, deadline, stop, looking);
  }

  // wait() in two halves, for a wait that lets go of another lock in between: enqueue() needs the
  // mutex, await() must be called without it and returns with it.
  void enqueue(Waiter& waiter);
  Wake await(Mutex& mutex, Waiter& waiter, const Deadline& deadline,
             const std::stop_token& stop = {}, Looking looking = Looking::kYes) WEFT_ACQUIRE(mutex);

  // Wakes the `count` longest waiting threads, or as many as there are; returns how many.
  std::size_t notify(std::size_t count);
  std::size_t notify_all() { return notify(static_cast<std::size_t>(-1)); }

  // notify(1) in two halves: `late` wakes the thread. At most once for each `late`.
  void notify_one(LateWake& late);
  // notify(count), of which `late` wakes the last. At most once for each `late`.
  void notify(std::size_t count, LateWake& late) {
    if (count > 1) (void)notify(count - 1);
    if (count > 0) notify_one(late);
  }

  // Unlinks and wakes the thread that has waited longest; null if there is none. The waiter may be
  // written to until the mutex is released.
  Waiter* notify_front();

  bool empty() const { return front_ == nullptr; }
  std::size_t size() const { return size_; }

 private:
  void unlink(Waiter& waiter);
  // True if its thread is to be woken.
  bool finish(Waiter& waiter, std::uint32_t state);

  Waiter* front_ = nullptr;  // all guarded by the mutex that the callers hold
  Waiter* back_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace weft::internal
