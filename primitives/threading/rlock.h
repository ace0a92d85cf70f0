// RLock: a lock that its holder may take again, as Python's threading.RLock.
//
// Lockable and TimedLockable, like std::recursive_timed_mutex, but checked: releasing what the
// calling thread does not own is an error that changes nothing.
//
// Thread safety: every function from any thread. Owned by a thread, not by its id: a thread that
// ends while it holds the lock is not succeeded by a newer one with the same id.
// Memory ordering: what the owner did before the release that brings the depth to zero is visible
// to the next owner. Invariants: (I1) depth_ == 0 if and only if owner_ is nobody. (I2) Only the
// owner changes depth_ while it is above zero. Non-invariants: no order among waiting threads;
// locked() may be wrong by the time it returns.
#pragma once

#include <chrono>
#include <cstdint>
#include <stop_token>

#include "primitives/base/deadline.h"
#include "primitives/base/wait_list.h"

namespace weft {

class RLock {
 public:
  RLock() = default;
  ~RLock();
  RLock(const RLock&) = delete;
  RLock& operator=(const RLock&) = delete;

  void acquire();
  [[nodiscard]] bool acquire(const std::stop_token& stop);
  [[nodiscard]] bool try_acquire();
  // A negative time-out throws ValueError, for the owner too.
  template <class Rep, class Period>
  [[nodiscard]] bool acquire_for(const std::chrono::duration<Rep, Period>& timeout) {
    refuse_negative(timeout, "RLock::acquire_for");
    return acquire_before(Deadline::after(timeout));
  }
  template <class Clock, class Duration>
  [[nodiscard]] bool acquire_until(const std::chrono::time_point<Clock, Duration>& when) {
    return Deadline::retry_until(when, [this](const Deadline& d) { return acquire_before(d); });
  }

  // Throws RuntimeError, and changes nothing, if the calling thread is not the owner.
  void release();

  bool locked() const;                  // by any thread
  bool owned() const;                   // by the calling thread
  std::size_t recursion_count() const;  // the calling thread's; 0 if it is not the owner

  // Gives up all levels at once and returns how many; takes them back. For waits on a condition.
  // release_save() throws RuntimeError if the calling thread is not the owner.
  std::size_t release_save();
  void acquire_restore(std::size_t depth);

  // The shape of the standard's Lockable; see Lock for how it differs from acquire and release.
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
  bool acquire_before(const Deadline& deadline, const std::stop_token& stop = {},
                      std::size_t levels = 1);
  void require_owner(const char* operation) const WEFT_REQUIRES(mutex_);
  void let_go() WEFT_REQUIRES(mutex_);

  mutable internal::Mutex mutex_;
  std::uint64_t owner_ WEFT_GUARDED_BY(mutex_) = 0;
  std::size_t depth_ WEFT_GUARDED_BY(mutex_) = 0;
  internal::WaitList waiters_ WEFT_GUARDED_BY(mutex_);
};

}  // namespace weft
