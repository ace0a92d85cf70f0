// Lock: mutual exclusion without an owner, as Python's threading.Lock.
//
// Any thread may release it, so it serves as a turn token too; a holder that acquires it again
// waits for itself. It is a Lockable and a TimedLockable: std::unique_lock, std::scoped_lock,
// std::lock and std::condition_variable_any work with it.
//
// Thread safety: every function from any thread. It may be destroyed while held, but not while a
// thread waits for it.
// Memory ordering: whatever a thread did before release() is visible to the thread whose acquire
// follows. A failed or timed-out acquire orders nothing.
// Invariant: it is held from a successful acquire to the next release, and by one acquire at a
// time. (How: primitives/base/parking_lock.h.) Non-invariants: no order among waiting threads is
// promised; a thread that comes later may pass one that was woken. locked() may be wrong by the
// time it returns.
#pragma once

#include <chrono>
#include <stop_token>

#include "primitives/annotate.h"
#include "primitives/base/deadline.h"
#include "primitives/base/parking_lock.h"

namespace weft {

class Lock {
 public:
  Lock() = default;
  ~Lock();
  Lock(const Lock&) = delete;
  Lock& operator=(const Lock&) = delete;

  // Waits without limit.
  void acquire() {
    if (annotate::watched() || !lock_.lock_fast()) acquire_slowly();
  }
  // False, and not acquired, if `stop` was requested first.
  [[nodiscard]] bool acquire(const std::stop_token& stop);
  [[nodiscard]] bool try_acquire();
  // False if the time is over; zero only looks. A negative time-out throws ValueError.
  template <class Rep, class Period>
  [[nodiscard]] bool acquire_for(const std::chrono::duration<Rep, Period>& timeout) {
    refuse_negative(timeout, "Lock::acquire_for");
    return acquire_before(Deadline::after(timeout));
  }
  template <class Clock, class Duration>
  [[nodiscard]] bool acquire_until(const std::chrono::time_point<Clock, Duration>& when) {
    return Deadline::retry_until(when, [this](const Deadline& d) { return acquire_before(d); });
  }

  // Throws RuntimeError if it is not held. Wakes at most one waiting thread.
  void release() {
    // Before the next holder can report itself. If it turns out not to be held, nobody holds it.
    annotate::released(this, "Lock");
    if (!lock_.unlock()) refuse_release();
  }

  bool locked() const { return lock_.is_held(); }

  // The shape of the standard's Lockable. unlock() of an unheld lock ends the program: guards call
  // it from destructors, where an exception has nowhere to go. try_lock_for() takes a negative
  // time-out as zero, as the standard says.
  void lock() { acquire(); }
  [[nodiscard]] bool try_lock() { return try_acquire(); }
  void unlock() noexcept { release(); }
  template <class Rep, class Period>
  [[nodiscard]] bool try_lock_for(const std::chrono::duration<Rep, Period>& timeout) {
    return acquire_before(Deadline::after(timeout));
  }
  template <class Clock, class Duration>
  [[nodiscard]] bool try_lock_until(const std::chrono::time_point<Clock, Duration>& when) {
    return acquire_until(when);
  }

 private:
  void acquire_slowly();
  bool acquire_before(const Deadline& deadline, const std::stop_token& stop = {});
  [[noreturn]] static void refuse_release();

  internal::ParkingLock lock_;
};

}  // namespace weft
