// When a wait must end: never, or at a point of the steady clock.
//
// Every conversion saturates: a duration too long for the clock means "never", one too far in the
// past means "already". A NaN is refused with ValueError. A deadline is computed once, when the
// operation is entered, so wake-ups do not prolong a wait.
// Thread safety: a value type.
#pragma once

#include <time.h>

#include <chrono>
#include <cstdint>

namespace weft {

class Deadline {
 public:
  using Clock = std::chrono::steady_clock;

  static constexpr Deadline never() { return Deadline(kNever); }
  // Already passed: the operation only looks, it does not wait.
  static constexpr Deadline passed() { return Deadline(0); }

  template <class Rep, class Period>
  static Deadline after(const std::chrono::duration<Rep, Period>& timeout) {
    return after_seconds(check_seconds(timeout));
  }

  static Deadline at(const Clock::time_point& when);
  template <class Duration>
  static Deadline at(const std::chrono::time_point<Clock, Duration>& when) {
    return at_seconds(check_seconds(when.time_since_epoch()));
  }

  // For a clock of the user's: `attempt(deadline)` is repeated while it fails and that clock, which
  // may be set or run at another speed, has not reached `when`.
  template <class OtherClock, class Duration, class Attempt>
  static bool retry_until(const std::chrono::time_point<OtherClock, Duration>& when,
                          Attempt attempt) {
    if constexpr (std::is_same_v<OtherClock, Clock>) {
      return attempt(at(when));
    } else {
      for (;;) {
        if (attempt(after_seconds(seconds_until(when)))) return true;
        if (seconds_until(when) <= 0) return false;
      }
    }
  }

  constexpr bool is_never() const { return nanoseconds_ == kNever; }
  bool has_passed() const;

  // For system calls that take an absolute CLOCK_MONOTONIC time. Not for never().
  timespec to_timespec() const;

 private:
  static constexpr std::int64_t kNever = INT64_MAX;

  explicit constexpr Deadline(std::int64_t nanoseconds) : nanoseconds_(nanoseconds) {}

  // long double holds every int64_t exactly, and no duration overflows it.
  template <class Rep, class Period>
  static long double check_seconds(const std::chrono::duration<Rep, Period>& timeout) {
    const long double seconds = static_cast<long double>(timeout.count()) *
                                static_cast<long double>(Period::num) /
                                static_cast<long double>(Period::den);
    refuse_nan(seconds);
    return seconds;
  }
  // Subtracted as seconds: in the clock's own unit the difference of two time points may overflow.
  template <class OtherClock, class Duration>
  static long double seconds_until(const std::chrono::time_point<OtherClock, Duration>& when) {
    return check_seconds(when.time_since_epoch()) -
           check_seconds(OtherClock::now().time_since_epoch());
  }
  static void refuse_nan(long double seconds);
  static Deadline after_seconds(long double seconds);
  static Deadline at_seconds(long double seconds);

  std::int64_t nanoseconds_;  // of the steady clock, from its epoch; kNever
};

// Throws ValueError if `timeout` is negative: for the operations that Python refuses it for.
void refuse_negative_seconds(long double seconds, const char* operation);

template <class Rep, class Period>
void refuse_negative(const std::chrono::duration<Rep, Period>& timeout, const char* operation) {
  refuse_negative_seconds(static_cast<long double>(timeout.count()) * Period::num / Period::den,
                          operation);
}

}  // namespace weft
