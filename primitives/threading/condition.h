// Condition: wait until another thread says that something has changed, as Python's
// threading.Condition.
//
// It belongs to a lock: an RLock of its own, or a Lock or RLock of the caller's, which several
// conditions may share. wait() gives the lock up, whatever its depth, and takes it back before it
// returns, without limit, also after a time-out or a stop.
//
// Waiters are woken first come first served; notify(n) wakes exactly min(n, waiting) of them, and
// nobody wakes without a notification. Still, write the predicate as a loop or use the forms that
// take one: another thread may have taken the lock first and changed everything back.
//
// Thread safety: every function from any thread. wait and notify need the lock, else RuntimeError;
// with a Lock, which has no owner, that means held by anybody. Destroy it when nobody waits.
// Memory ordering: what the notifier did before notify() is visible to the waiter it woke.
// Invariants:
//   (I1) A notification goes to a thread that waits already, and each thread gets at most one; a
//        thread whose wait timed out got none.
//   (I2) waited_for_ is set before a thread that waits has given the lock up, and cleared only
//        while the list is empty, both under mutex_. So who finds it clear with the lock held has
//        nobody to wake: whoever gave the lock up before has been notified or has gone.
// Non-invariants: waited_for_ may be set while nobody waits, after a time-out, a stop, or a wait
// that failed; the next notification clears it.
#pragma once

#include <atomic>
#include <chrono>
#include <concepts>
#include <cstddef>
#include <stop_token>
#include <utility>
#include <variant>

#include "primitives/base/wait_list.h"
#include "primitives/threading/lock.h"
#include "primitives/threading/rlock.h"

namespace weft {

class Condition {
 public:
  Condition() : lock_(std::in_place_type<RLock>) {}
  explicit Condition(Lock& lock) : lock_(&lock) {}
  explicit Condition(RLock& lock) : lock_(&lock) {}
  ~Condition();
  Condition(const Condition&) = delete;
  Condition& operator=(const Condition&) = delete;

  // The lock's own operations; std::unique_lock and std::scoped_lock take a Condition too.
  void acquire();
  [[nodiscard]] bool try_acquire();
  void release();
  void lock() { acquire(); }
  [[nodiscard]] bool try_lock() { return try_acquire(); }
  void unlock() noexcept { release(); }

  void wait() { (void)wait_before(Deadline::never(), {}); }
  // False if the time is over or `stop` was requested first; zero and less only let others in.
  bool wait(const std::stop_token& stop) { return wait_before(Deadline::never(), stop); }
  template <class Rep, class Period>
  bool wait_for(const std::chrono::duration<Rep, Period>& timeout) {
    return wait_before(Deadline::after(timeout), {});
  }
  template <class Clock, class Duration>
  bool wait_until(const std::chrono::time_point<Clock, Duration>& when) {
    return Deadline::retry_until(when, [this](const Deadline& d) { return wait_before(d, {}); });
  }

  // Waits until `predicate()` is true; returns its last value. It is called with the lock held,
  // first of all before any wait: if it is true then, the lock is not even checked. An exception
  // from it passes through, with the lock held as before.
  template <class Predicate>
  auto wait_while_not(Predicate predicate, const Deadline& deadline = Deadline::never(),
                      const std::stop_token& stop = {}) -> decltype(predicate()) {
    auto value = predicate();
    while (!value) {
      const bool woken = wait_before(deadline, stop);
      value = predicate();
      if (!woken) break;
    }
    return value;
  }
  template <class Predicate>
    requires std::predicate<Predicate>
  void wait(Predicate predicate) {
    (void)wait_while_not(std::move(predicate));
  }
  template <class Predicate>
  bool wait(const std::stop_token& stop, Predicate predicate) {
    return static_cast<bool>(wait_while_not(std::move(predicate), Deadline::never(), stop));
  }
  // The whole time-out counts once, however often the predicate is looked at.
  template <class Rep, class Period, class Predicate>
  auto wait_for(const std::chrono::duration<Rep, Period>& timeout, Predicate predicate)
      -> decltype(predicate()) {
    return wait_while_not(std::move(predicate), Deadline::after(timeout));
  }

  void notify(std::size_t count = 1);
  void notify_one() { notify(1); }
  void notify_all();

 private:
  bool wait_before(const Deadline& deadline, const std::stop_token& stop);
  std::size_t release_save();
  void acquire_restore(std::size_t depth);
  void require_held(const char* operation) const;
  void notify_waiting(std::size_t count);

  // relaxed, both: the lock orders them. The waiter sets it before it gives the lock up, and the
  // notifier looks after it, or who holds the lock for it, has taken the lock (I2).
  bool is_waited_for() const { return waited_for_.load(std::memory_order_relaxed); }
  void store_waited_for(bool value) WEFT_REQUIRES(mutex_) {
    waited_for_.store(value, std::memory_order_relaxed);
  }

  // Not the user's lock: waiters leave the list on a time-out without holding that one.
  internal::Mutex mutex_;
  internal::WaitList waiters_ WEFT_GUARDED_BY(mutex_);
  std::atomic<bool> waited_for_{false};  // written under mutex_, read anywhere
  // Constant after construction: an RLock of its own, or somebody else's lock. Not the first
  // member: hooks tell a condition from its lock by their addresses.
  std::variant<RLock, Lock*, RLock*> lock_;
};

}  // namespace weft
