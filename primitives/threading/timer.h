// Timer: calls a function once, after an interval, in a thread of its own, as Python's
// threading.Timer.
//
// Thread safety: every function from any thread, cancel() also from the function itself.
// Memory ordering: what was done before start() is visible to the function; what the function did
// is visible after join(), and after a cancel() that said kTooLate.
// Invariant: the function runs at most once, and never after a cancel() that said kCancelled.
#pragma once

#include <chrono>
#include <functional>

#include "primitives/base/deadline.h"
#include "primitives/base/wait_list.h"
#include "primitives/threading/thread.h"

namespace weft {

enum class CancelResult {
  kCancelled,  // it will not run: not now, not later
  kRunning,    // too late, it runs at this moment
  kTooLate,    // it has run
};

class Timer {
 public:
  // Zero and negative intervals fire at once. Throws ValueError for NaN.
  template <class Rep, class Period, class F>
  Timer(const std::chrono::duration<Rep, Period>& interval, F&& function)
      : Timer(std::function<void()>(std::forward<F>(function)),
              std::chrono::duration<long double>(interval)) {}
  // Cancels it if it has not fired, else waits until the function has returned; so the function
  // itself must not destroy its timer: that ends the program with a message.
  ~Timer();
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;

  // The interval begins. Throws RuntimeError the second time; after a cancel() it does nothing
  // more.
  void start();
  // Also before start(), and again and again: what is cancelled stays so.
  CancelResult cancel();
  // Waits until it has run or been cancelled. Throws RuntimeError if it was not started.
  void join();
  template <class Rep, class Period>
  bool join_for(const std::chrono::duration<Rep, Period>& timeout) {
    return thread_.join_for(timeout);
  }
  bool is_alive() const { return thread_.is_alive(); }

 private:
  enum class Phase { kPending, kCancelled, kRunning, kDone };

  // In this order, so that no call by a user can mean it.
  Timer(std::function<void()> function, std::chrono::duration<long double> interval);
  void fire_later();

  const std::chrono::duration<long double> interval_;
  const std::function<void()> function_;
  internal::Mutex mutex_;
  Phase phase_ WEFT_GUARDED_BY(mutex_) = Phase::kPending;
  internal::WaitList sleeper_ WEFT_GUARDED_BY(mutex_);  // the timer's thread, while it is pending
  Thread thread_;                                       // last: its thread uses everything above
};

}  // namespace weft
