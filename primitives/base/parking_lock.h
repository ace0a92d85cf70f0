// What Lock and RLock are made of: a word that is taken and let go by one compare-exchange each,
// and a list of sleeping threads beside it, which is touched only when somebody has to wait.
//
//   kHeld | kParked | meaning
//    no   |   no    | free
//    yes  |   no    | held; unlock() may take the fast path
//    no   |   yes   | free, and threads sleep in the list: one was woken just now, and will take it
//    yes  |   yes   | held, and threads may sleep in the list: unlock() must look and wake one
//
// A thread that finds it held looks for a while (spin.h), then gets into the list. It is unfair: a
// thread that comes at the right moment passes those that sleep.
//
// Invariants:
//   (I1) kParked is set while the list is not empty; it changes under mutex_ alone. So the compare-
//        exchange of an unlock() without it fails as soon as somebody is in the list. It may be set
//        for a moment longer: until a thread whose wait was stopped, or an unlock(), has seen it.
//   (I2) An unlock() touches nothing any more once the word is free, unless the list is not empty.
//        Then it goes on under mutex_, without which no thread leaves the list. So the lock may be
//        destroyed by whoever takes it last, if nobody waits.
// Thread safety: every function from any thread.
// Memory ordering: what was done before unlock() is visible after the lock that follows.
#pragma once

#include <atomic>
#include <cstdint>
#include <stop_token>

#include "primitives/base/deadline.h"
#include "primitives/base/wait_list.h"

namespace weft::internal {

class ParkingLock {
 public:
  ParkingLock() = default;
  ParkingLock(const ParkingLock&) = delete;
  ParkingLock& operator=(const ParkingLock&) = delete;

  // The fast path: false if the lock is held, and also if it is free but threads are in the list.
  bool lock_fast() {
    std::uint32_t expected = 0;
    return take(expected);
  }
  // False if the lock is held.
  bool try_lock() {
    std::uint32_t seen = load();
    while ((seen & kHeld) == 0) {
      if (take(seen)) return true;
    }
    return false;
  }
  // False if the deadline has passed or `stop` was requested first.
  bool lock_before(const Deadline& deadline, const std::stop_token& stop) {
    return lock_fast() || lock_slowly(deadline, stop);
  }
  bool lock_slowly(const Deadline& deadline, const std::stop_token& stop);

  // False, and nothing has happened, if it is not held. Wakes at most one thread.
  bool unlock() {
    std::uint32_t expected = kHeld;
    return leave(expected) || unlock_slowly();
  }

  // acquire: pairs with the releases in leave() and leave_parked(): who sees it free sees what the
  // last holder did.
  bool is_held() const { return (word_.load(std::memory_order_acquire) & kHeld) != 0; }

 private:
  static constexpr std::uint32_t kHeld = 1;
  static constexpr std::uint32_t kParked = 2;
  static_assert((kHeld & kParked) == 0, "the two bits are tested independently");

  bool unlock_slowly();

  // relaxed: a look that decides nothing by itself; what is done about it is a compare-exchange.
  std::uint32_t load() const { return word_.load(std::memory_order_relaxed); }
  // acquire: pairs with the releases in leave() and leave_parked(): the new holder sees what the
  // last one wrote. relaxed on failure: nothing was taken.
  bool take(std::uint32_t& expected) {
    return word_.compare_exchange_strong(expected, expected | kHeld, std::memory_order_acquire,
                                         std::memory_order_relaxed);
  }
  // release: pairs with the acquire in take(). relaxed on failure: nothing was let go.
  bool leave(std::uint32_t& expected) {
    return word_.compare_exchange_strong(expected, 0, std::memory_order_release,
                                         std::memory_order_relaxed);
  }
  // A plain store, as nobody changes a word with both bits without mutex_ (I1).
  // release: pairs with the acquire in take().
  void leave_parked(bool others) WEFT_REQUIRES(mutex_) {
    word_.store(others ? kParked : 0, std::memory_order_release);
  }
  // relaxed, both: the bit is looked at again under mutex_, which orders.
  bool set_parked(std::uint32_t& expected) WEFT_REQUIRES(mutex_) {
    return word_.compare_exchange_strong(expected, expected | kParked, std::memory_order_relaxed);
  }
  void clear_parked() WEFT_REQUIRES(mutex_) {
    word_.fetch_and(~kParked, std::memory_order_relaxed);
  }

  std::atomic<std::uint32_t> word_{0};
  Mutex mutex_;
  WaitList waiters_ WEFT_GUARDED_BY(mutex_);
};

}  // namespace weft::internal
