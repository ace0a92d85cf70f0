// RLock: a lock that its holder may take again, as Python's threading.RLock.
//
// Lockable and TimedLockable, like std::recursive_timed_mutex, but checked: releasing what the
// calling thread does not own is an error that changes nothing.
//
// Thread safety: every function from any thread. Owned by a thread, not by its id: a thread that
// ends while it holds the lock is not succeeded by a newer one with the same id.
// Memory ordering: what the owner did before the release that brings the depth to zero is visible
// to the next owner. Invariants: (I1) owner_ is the thread that holds lock_, or nobody; only the
// holder writes it, so a thread that reads its own serial there is the owner, and one that is not
// never reads its own. (I2) depth_ is read and written by the holder of lock_ alone, and is above
// zero while there is an owner. (How lock_ works: primitives/base/parking_lock.h.) Non-invariants:
// no order among waiting threads; locked() may be wrong by the time it returns.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <limits>
#include <stop_token>

#include "primitives/annotate.h"
#include "primitives/base/deadline.h"
#include "primitives/base/parking_lock.h"
#include "primitives/base/thread_serial.h"

namespace weft {

class RLock {
 public:
  RLock() = default;
  ~RLock();
  RLock(const RLock&) = delete;
  RLock& operator=(const RLock&) = delete;

  void acquire() {
    if (annotate::watched() || !acquire_fast()) acquire_slowly();
  }
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
  void release() {
    if (!owned()) refuse("RLock::release");
    if (depth_ > 1) {
      --depth_;
    } else {
      let_go();
    }
  }

  bool locked() const { return lock_.is_held(); }  // by any thread
  bool owned() const { return load_owner() == internal::this_thread_serial(); }
  // The calling thread's; 0 if it is not the owner.
  std::size_t recursion_count() const { return owned() ? depth_ : 0; }

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
  void acquire_slowly();
  bool acquire_before(const Deadline& deadline, const std::stop_token& stop = {},
                      std::size_t levels = 1);
  [[noreturn]] static void refuse(const char* operation);

  // False if another thread may hold it, and if this one does too often.
  bool acquire_fast() {
    if (owned()) {
      if (depth_ == std::numeric_limits<std::size_t>::max()) return false;
      ++depth_;
      return true;
    }
    if (!lock_.lock_fast()) return false;
    begin(1);
    return true;
  }
  void begin(std::size_t levels) {
    depth_ = levels;
    store_owner(internal::this_thread_serial());
  }
  void let_go() {
    annotate::released(this, "RLock");  // before the next owner can report itself
    store_owner(internal::kNoThread);
    (void)lock_.unlock();
  }

  // relaxed, both: a thread looks for its own serial, which only itself writes; lock_ orders the
  // rest.
  std::uint64_t load_owner() const { return owner_.load(std::memory_order_relaxed); }
  void store_owner(std::uint64_t owner) { owner_.store(owner, std::memory_order_relaxed); }

  internal::ParkingLock lock_;
  std::atomic<std::uint64_t> owner_{internal::kNoThread};
  std::size_t depth_ = 0;  // guarded by lock_ (I2), which is not a capability: it has no owner
};

}  // namespace weft
