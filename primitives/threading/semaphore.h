// Semaphore and BoundedSemaphore: a number of permits, as in Python's threading.
//
// A BoundedSemaphore refuses a release that would bring it above its initial value: it finds the
// release without an acquire. A plain one counts up to kMax.
//
// One word holds the permits that are there, or, below zero, how many threads wait. An acquire
// takes one off, whatever is there; where it finds none, that has made it one of those that wait,
// and it goes to the list beside the word. A release is a compare-exchange if nobody waits; if
// somebody does, it grants its permits, as far as they go, to threads that wait. This is E. W.
// Dijkstra's semaphore as B. Schillings' "benaphore" has it (Be Newsletter 26, 1996), with
// time-outs.
//
// Both are Lockable and TimedLockable, so guards work; acquire_permit() gives a guard with a name.
//
// Thread safety: every function from any thread; release() by any thread. It may be destroyed as
// soon as the last acquire has returned, even if the release() that let it go has not. Memory
// ordering: whatever a thread did before release() is visible to the thread whose acquire took that
// permit. Invariants: (I1) The word is at most the maximum. (I2) Permits released + initial =
// permits acquired + granted + the word, if that is above zero. (I3) The word is below zero if and
// only if there are more threads that wait than grants, and by how many it says. (I4) A release
// touches nothing any more once its permits are there; if somebody waits they are granted under
// mutex_, without which no thread takes a grant.
// Non-invariants: a thread that comes to the list may take a grant before a woken one, which then
// waits on.
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
    if (annotate::watched()) return acquire_watched();
    if (!take_or_wait()) acquire_waiting();
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
  std::ptrdiff_t value() const {
    const std::ptrdiff_t seen = word_.load(std::memory_order_acquire);
    return seen > 0 ? seen : 0;
  }

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
  void acquire_watched();
  // After take_or_wait() has said no.
  void acquire_waiting();
  bool acquire_before(const Deadline& deadline, const std::stop_token& stop = {});
  // False if no permit is there.
  bool take_one();
  // The calling thread is one of those that wait.
  bool await_grant(const Deadline& deadline, const std::stop_token& stop) WEFT_REQUIRES(mutex_);
  void give_slowly(std::ptrdiff_t count);
  void report_release(std::ptrdiff_t count) const;
  void require_room(std::ptrdiff_t count, std::ptrdiff_t word) const;

  // acquire: pairs with the release in replace(): who takes a permit sees what was done before it
  // was given, also through those that took others between (read-modify-writes go on with a release
  // sequence). False: no permit was there, and the thread is one of those that wait.
  bool take_or_wait() { return word_.fetch_sub(1, std::memory_order_acquire) > 0; }
  // False, and nothing has happened, if the word is not as usual.
  bool give_fast(std::ptrdiff_t count) {
    std::ptrdiff_t expected = usual_;
    return count > 0 && count <= maximum_ - expected && replace(expected, expected + count);
  }

  // relaxed: a look that decides nothing by itself; what is done about it is a compare-exchange.
  std::ptrdiff_t load() const { return word_.load(std::memory_order_relaxed); }
  // release: pairs with the acquires that take permits; for a grant, mutex_ does the same. relaxed
  // on failure: nothing was given.
  bool replace(std::ptrdiff_t& expected, std::ptrdiff_t word) {
    return word_.compare_exchange_weak(expected, word, std::memory_order_release,
                                       std::memory_order_relaxed);
  }

  const std::ptrdiff_t maximum_;
  // What a release is likely to find: one less than the initial value. It tries with that at once:
  // a compare-exchange that need not wait for a load is faster, and one that fails has loaded.
  const std::ptrdiff_t usual_;
  std::atomic<std::ptrdiff_t> word_;
  internal::Mutex mutex_;
  internal::WaitList waiters_ WEFT_GUARDED_BY(mutex_);
  std::ptrdiff_t granted_ WEFT_GUARDED_BY(mutex_) = 0;  // to threads that wait, and not yet taken
};

class BoundedSemaphore : public Semaphore {
 public:
  explicit BoundedSemaphore(std::ptrdiff_t value = 1) : Semaphore(value, value) {}
};

}  // namespace weft
