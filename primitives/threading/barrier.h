// Barrier: a fixed number of threads wait for each other, round after round, as Python's
// threading.Barrier.
//
// The last thread to arrive runs the action, if there is one, then all are let go. A round ends for
// its threads when it is complete: what happens afterwards, be it a reset, an abort or the next
// round, does not reach back to them.
//
//   state   | a wait()                                  | abort()   | reset()
//   filling | counts; completes the round or sleeps     | -> broken | fails those inside
//   broken  | BrokenBarrierError at once                | no effect | -> filling
//
// Thread safety: every function from any thread. The action runs with the barrier's lock held: it
// may read parties(), n_waiting() and broken(), and must not call anything else of this barrier.
// Destroy it when nobody sleeps in it: any thread that was let go may do so at once, the destructor
// waits until the others have left.
// Memory ordering: what each thread did before its wait() is visible to the action and to all
// threads of the round after theirs.
// Invariants:
//   (I1) Fewer than parties() threads sleep.
//   (I2) Nobody sleeps while it is broken.
//   (I3) The indices returned in a round are 0 .. parties() - 1 in order of arrival, each once.
// Non-invariants: n_waiting() and broken() may be out of date by the time they return.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>

#include "primitives/base/deadline.h"
#include "primitives/base/wait_list.h"

namespace weft {

class Barrier {
 public:
  using Action = std::function<void()>;

  // Throws ValueError if `parties` is zero.
  explicit Barrier(std::size_t parties, Action action = {});
  // `timeout` is what wait() uses when it is given none.
  template <class Rep, class Period>
  Barrier(std::size_t parties, const std::chrono::duration<Rep, Period>& timeout,
          Action action = {})
      : Barrier(parties, std::move(action)) {
    timeout_seconds_ = std::chrono::duration<double>(timeout);
    (void)Deadline::after(*timeout_seconds_);  // refuses NaN now rather than at the first wait
  }
  ~Barrier();
  Barrier(const Barrier&) = delete;
  Barrier& operator=(const Barrier&) = delete;

  // Returns this thread's index in the round. Throws BrokenBarrierError if the barrier is or
  // becomes broken or is reset meanwhile; a time-out breaks it, for everybody. An exception of the
  // action breaks the barrier and passes to the thread that ran it.
  std::size_t wait();
  template <class Rep, class Period>
  std::size_t wait_for(const std::chrono::duration<Rep, Period>& timeout) {
    return wait_before(Deadline::after(timeout));
  }
  template <class Duration>
  std::size_t wait_until(const std::chrono::time_point<Deadline::Clock, Duration>& when) {
    return wait_before(Deadline::at(when));
  }
  std::size_t arrive_and_wait() { return wait(); }

  // Breaks the barrier, until reset(): the way out for a thread that cannot take part any more.
  void abort();
  // Back to an empty barrier that works. Threads inside get BrokenBarrierError.
  void reset();

  std::size_t parties() const { return parties_; }
  // None once it is broken: those who were inside are let go one after the other.
  std::size_t n_waiting() const { return load_broken() ? 0 : load_waiting(); }
  bool broken() const { return load_broken(); }

 private:
  struct Arrival;

  std::size_t wait_before(const Deadline& deadline);
  internal::Looking looking() const;
  void run_action() WEFT_REQUIRES(mutex_);
  void release_all(bool complete) WEFT_REQUIRES(mutex_);
  void break_now() WEFT_REQUIRES(mutex_);

  // acquire: pairs with the releases in store_waiting() and store_broken(), so a thread that polls
  // a snapshot sees at least what led to it.
  std::size_t load_waiting() const { return waiting_.load(std::memory_order_acquire); }
  bool load_broken() const { return broken_.load(std::memory_order_acquire); }
  // release: pairs with the acquire in load_waiting().
  void store_waiting(std::size_t count) WEFT_REQUIRES(mutex_) {
    waiting_.store(count, std::memory_order_release);
  }
  // release: pairs with the acquire in load_broken().
  void store_broken(bool broken) WEFT_REQUIRES(mutex_) {
    broken_.store(broken, std::memory_order_release);
  }

  const std::size_t parties_;
  const Action action_;
  std::optional<std::chrono::duration<double>> timeout_seconds_;  // constant after construction
  internal::Mutex mutex_;
  std::atomic<std::size_t> waiting_{0};  // written under mutex_, read anywhere
  std::atomic<bool> broken_{false};      // written under mutex_, read anywhere
  internal::WaitList arrivals_ WEFT_GUARDED_BY(mutex_);
  std::size_t leaving_ WEFT_GUARDED_BY(mutex_) = 0;  // let go, but not out yet
  internal::WaitList all_left_ WEFT_GUARDED_BY(mutex_);
};

}  // namespace weft
