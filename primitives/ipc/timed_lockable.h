// The attempts with a limit, and the shape of the standard's Lockable, of what processes acquire:
// all that follows from acquire(), release() and acquire_before(deadline).
//
// Thread safety: as the three.
// Memory ordering: as acquire()'s, if it is true; false orders nothing.
#pragma once

#include <chrono>

#include "primitives/base/deadline.h"

namespace weft::internal {

// Self derives from it and has `bool acquire_before(const Deadline&)`, false if the time is over,
// where a passed deadline only looks.
template <class Self>
class TimedLockable {
 public:
  [[nodiscard]] bool try_acquire() { return self().acquire_before(Deadline::passed()); }
  // False if the time is over; zero or less only looks, as with Python's.
  template <class Rep, class Period>
  [[nodiscard]] bool acquire_for(const std::chrono::duration<Rep, Period>& timeout) {
    return self().acquire_before(Deadline::after(timeout));
  }
  template <class Clock, class Duration>
  [[nodiscard]] bool acquire_until(const std::chrono::time_point<Clock, Duration>& when) {
    return Deadline::retry_until(when,
                                 [this](const Deadline& d) { return self().acquire_before(d); });
  }

  // unlock() where release() would throw ends the program: guards call it from destructors, where
  // an exception has nowhere to go.
  void lock() { self().acquire(); }
  [[nodiscard]] bool try_lock() { return try_acquire(); }
  void unlock() noexcept { self().release(); }
  template <class Rep, class Period>
  [[nodiscard]] bool try_lock_for(const std::chrono::duration<Rep, Period>& timeout) {
    return acquire_for(timeout);
  }
  template <class Clock, class Duration>
  [[nodiscard]] bool try_lock_until(const std::chrono::time_point<Clock, Duration>& when) {
    return acquire_until(when);
  }

 private:
  friend Self;
  TimedLockable() = default;

  Self& self() { return static_cast<Self&>(*this); }
};

}  // namespace weft::internal
