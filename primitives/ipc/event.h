// Event: a flag that processes wait for, as Python's multiprocessing.Event, but better: set() frees
// all who wait, also if clear() follows at once. (Python's lets sleep who had not looked yet.)
//
// A handle: copies of it and what a child of fork() has of it are the same event. Killed anywhere,
// a process leaves the flag right, and whoever waits for a set() that has happened is free within
// 50 ms.
//
// One word of shared memory:
//
//   bits   | what
//     0    | the flag
//     1    | somebody may sleep: set() must wake
//   2..31  | how often the flag was set, modulo 2^30
//
// Invariant:     (I1) a waiter is free once the flag is set or the number is another than when it
//                began to wait. It looks every 50 ms at least, so that the number does not come
//                round unseen.
// Non-invariants: is_set() may be wrong by the time it returns.
// Thread safety: every function from any thread of any process. A handle may end at any time.
// Memory ordering: whatever was done before set() is visible after a wait() that it ended, and to
//                who sees is_set(). A wait that timed out orders nothing.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

#include "primitives/base/deadline.h"
#include "primitives/ipc/shared_futex.h"
#include "primitives/ipc/shared_object.h"

namespace weft::ipc {

class Event {
 public:
  // Throws std::system_error if there is no memory to share.
  Event() : shared_(Shared::make()) {}

  void set();
  void clear();
  bool is_set() const { return (load() & kFlag) != 0; }

  void wait() { (void)wait_before(Deadline::never()); }
  // False if the time is over; zero or less only looks.
  template <class Rep, class Period>
  bool wait_for(const std::chrono::duration<Rep, Period>& timeout) {
    return wait_before(Deadline::after(timeout));
  }
  template <class Clock, class Duration>
  bool wait_until(const std::chrono::time_point<Clock, Duration>& when) {
    return Deadline::retry_until(when, [this](const Deadline& d) { return wait_before(d); });
  }

  // The same for all handles of one event; what reports call it by.
  const void* shared_address() const { return shared_.get(); }

 private:
  static constexpr std::uint32_t kFlag = 1;
  static constexpr std::uint32_t kWaiters = 2;
  static constexpr std::uint32_t kOnce = 4;
  static_assert((kFlag & kWaiters) == 0 && kOnce > (kFlag | kWaiters), "the parts do not overlap");

  struct State {
    internal::SharedWord word{0};
  };
  using Shared = internal::SharedObject<State>;

  bool wait_before(const Deadline& deadline);
  static std::uint32_t times(std::uint32_t word) { return word / kOnce; }

  // acquire: pairs with the release in change(): who sees the flag sees what came before set().
  std::uint32_t load() const { return shared_->word.load(std::memory_order_acquire); }
  // release: pairs with the acquire in load(). relaxed on failure: it is tried again.
  bool change(std::uint32_t& seen, std::uint32_t wanted) {
    return shared_->word.compare_exchange_strong(seen, wanted, std::memory_order_release,
                                                 std::memory_order_relaxed);
  }

  Shared shared_;
};

}  // namespace weft::ipc
