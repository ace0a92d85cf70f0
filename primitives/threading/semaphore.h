// Semaphore and BoundedSemaphore: a number of permits, as in Python's threading.
//
// A BoundedSemaphore refuses a release that would bring it above its initial value: it finds the
// release without an acquire. A plain one counts up to kMax.
//
// Both are Lockable and TimedLockable, so guards work; acquire_permit() gives a guard with a name.
//
// Thread safety: every function from any thread; release() by any thread. It may be destroyed as
// soon as the last acquire has returned, even if the release() that let it go has not. Memory
// ordering: whatever a thread did before release() is visible to the thread whose acquire took that
// permit. Invariants: (I1) 0 <= value <= maximum. (I2) Permits released + initial = permits
// acquired + value. Non-invariants: a newcomer may take a permit before a woken waiter; the waiter
// then waits on.
#pragma once

#include <chrono>
#include <cstddef>
#include <limits>
#include <mutex>
#include <stop_token>

#include "primitives/base/deadline.h"
#include "primitives/base/wait_list.h"

namespace weft {

class Semaphore {
 public:
  static constexpr std::ptrdiff_t kMax = std::numeric_limits<std::ptrdiff_t>::max();

  // Throws ValueError if `value` is negative.
  explicit Semaphore(std::ptrdiff_t value = 1) : Semaphore(value, kMax) {}
  ~Semaphore();
  Semaphore(const Semaphore&) = delete;
  Semaphore& operator=(const Semaphore&) = delete;

  void acquire();
  [[nodiscard]] bool acquire(const std::stop_token& stop);
  [[nodiscard]] bool try_acquire();
  // False if the time is over; zero and less only look. A permit that comes at the last moment is
  // taken.
  template <class Rep, class Period>
  [[nodiscard]] bool acquire_for(const std::chrono::duration<Rep, Period>& timeout) {
    return acquire_before(Deadline::after(timeout));
  }
  template <class Clock, class Duration>
  [[nodiscard]] bool acquire_until(const std::chrono::time_point<Clock, Duration>& when) {
    return Deadline::retry_until(when, [this](const Deadline& d) { return acquire_before(d); });
  }

  // Adds `count` permits and wakes as many waiting threads. Throws ValueError, and changes nothing,
  // if `count` is below 1 or the maximum would be passed.
  void release(std::ptrdiff_t count = 1);

  // A snapshot, for reports.
  std::ptrdiff_t value() const;

  // The shape of the standard's Lockable.
  void lock() { acquire(); }
  [[nodiscard]] bool try_lock() { return try_acquire(); }
  void unlock() noexcept { release(); }
  template <class Rep, class Period>
  [[nodiscard]] bool try_lock_for(const std::chrono::duration<Rep, Period>& timeout) {
    return acquire_for(timeout);
  }
  template <class Clock, class Duration>
  [[nodiscard]] bool try_lock_until(const std::chrono::time_point<Clock, Duration>& when) {
    return acquire_until(when);
  }

  // One permit, given back when the guard ends.
  [[nodiscard]] std::unique_lock<Semaphore> acquire_permit() {
    return std::unique_lock<Semaphore>(*this);
  }

 protected:
  Semaphore(std::ptrdiff_t value, std::ptrdiff_t maximum);

 private:
  bool acquire_before(const Deadline& deadline, const std::stop_token& stop = {});

  const std::ptrdiff_t maximum_;
  mutable internal::Mutex mutex_;
  std::ptrdiff_t value_ WEFT_GUARDED_BY(mutex_);
  internal::WaitList waiters_ WEFT_GUARDED_BY(mutex_);
};

class BoundedSemaphore : public Semaphore {
 public:
  explicit BoundedSemaphore(std::ptrdiff_t value = 1) : Semaphore(value, value) {}
};

}  // namespace weft
