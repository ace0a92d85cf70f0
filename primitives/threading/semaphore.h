// Semaphore and BoundedSemaphore: a number of permits, as in Python's threading.
//
// A BoundedSemaphore refuses a release that would bring it above its initial value: it finds the
// release without an acquire. A plain one counts up to kMax.
//
// The value is in one word, with a bit that says whether threads may sleep in the list beside it.
// With a permit there, an acquire is one compare-exchange; with the bit not set, so is a release.
//
// Both are Lockable and TimedLockable, so guards work; acquire_permit() gives a guard with a name.
//
// Thread safety: every function from any thread; release() by any thread. It may be destroyed as
// soon as the last acquire has returned, even if the release() that let it go has not. Memory
// ordering: whatever a thread did before release() is visible to the thread whose acquire took that
// permit. Invariants: (I1) 0 <= value <= maximum. (I2) Permits released + initial = permits
// acquired + value. (I3) kParked is set while the list is not empty, and changes under mutex_
// alone; so a release without it fails as soon as a thread is in the list. It may be set for a
// moment longer. (I4) A release touches nothing any more once its permits are there, unless the
// list is not empty; then it goes on under mutex_, without which no thread leaves the list.
// Non-invariants: a newcomer may take a permit before a woken waiter; the waiter then waits on.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <mutex>
#include <stop_token>

#include "primitives/annotate.h"
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

  void acquire() {
    if (annotate::watched() || !take_fast()) acquire_slowly();
  }
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
  void release(std::ptrdiff_t count = 1) {
    if (annotate::watched()) report_release(count);
    if (!give_fast(count)) give_slowly(count);
  }

  // A snapshot, for reports.
  // acquire: pairs with the release in replace(): who sees a permit sees what was done before it.
  std::ptrdiff_t value() const { return value_of(word_.load(std::memory_order_acquire)); }

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
  static constexpr std::uint64_t kParked = std::uint64_t{1} << 63;
  static_assert(kParked > static_cast<std::uint64_t>(kMax), "the value never reaches the bit");

  static std::ptrdiff_t value_of(std::uint64_t word) {
    return static_cast<std::ptrdiff_t>(word & ~kParked);
  }

  // False if there is no permit.
  bool take_one();
  void acquire_slowly();
  bool acquire_before(const Deadline& deadline, const std::stop_token& stop = {});
  bool take_slowly(const Deadline& deadline, const std::stop_token& stop);
  void give_slowly(std::ptrdiff_t count);
  void report_release(std::ptrdiff_t count) const;
  void require_room(std::ptrdiff_t count, std::uint64_t word) const;

  // Both false, and nothing has happened, if the value is not as usual.
  bool take_fast() {
    std::uint64_t expected = usual_;
    return subtract_one(expected);
  }
  bool give_fast(std::ptrdiff_t count) {
    std::uint64_t expected = usual_ - 1;
    return count > 0 && count <= maximum_ - value_of(expected) &&
           replace(expected, expected + static_cast<std::uint64_t>(count));
  }

  // relaxed: a look that decides nothing by itself; what is done about it is a compare-exchange.
  std::uint64_t load() const { return word_.load(std::memory_order_relaxed); }
  // acquire: pairs with the release in replace(): who takes a permit sees what was done before it
  // was given, also through those that took others between (read-modify-writes go on with a release
  // sequence). relaxed on failure: nothing was taken.
  bool subtract_one(std::uint64_t& expected) {
    return word_.compare_exchange_weak(expected, expected - 1, std::memory_order_acquire,
                                       std::memory_order_relaxed);
  }
  // release: pairs with the acquire in subtract_one(). relaxed on failure: nothing was given.
  bool replace(std::uint64_t& expected, std::uint64_t word) {
    return word_.compare_exchange_weak(expected, word, std::memory_order_release,
                                       std::memory_order_relaxed);
  }
  // relaxed, both: the bit is looked at again under mutex_, which orders.
  bool set_parked(std::uint64_t& expected) WEFT_REQUIRES(mutex_) {
    return word_.compare_exchange_weak(expected, expected | kParked, std::memory_order_relaxed);
  }
  void clear_parked() WEFT_REQUIRES(mutex_) {
    word_.fetch_and(~kParked, std::memory_order_relaxed);
  }

  const std::ptrdiff_t maximum_;
  // The value that an acquire is likely to find, which leaves one less to the release: the initial
  // one, or for a signal one. Both try with it at once: a compare-exchange that need not wait for a
  // load is faster by a third, and one that fails has loaded.
  const std::uint64_t usual_;
  std::atomic<std::uint64_t> word_;
  internal::Mutex mutex_;
  internal::WaitList waiters_ WEFT_GUARDED_BY(mutex_);
};

class BoundedSemaphore : public Semaphore {
 public:
  explicit BoundedSemaphore(std::ptrdiff_t value = 1) : Semaphore(value, value) {}
};

}  // namespace weft
