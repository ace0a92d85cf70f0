// Event: one thread tells any number of others that something has happened, as Python's
// threading.Event.
//
// Thread safety: every function from any thread. Destroy it when nobody waits; the thread that saw
// it set may do so at once, even if the set() that set it has not returned.
// Memory ordering: whatever X did before set() is visible to Y after Y's wait() returned true or
// Y's is_set() returned true because of it. A wait that returned false orders nothing.
// Invariant: set() releases every thread that waits at that moment, even if clear() follows at
// once: "true" means that the event was set at some time during the wait.
// Non-invariants: is_set() may be out of date by the time it returns.
#pragma once

#include <atomic>
#include <chrono>
#include <stop_token>

#include "primitives/base/deadline.h"
#include "primitives/base/wait_list.h"

namespace weft {

class Event {
 public:
  Event() = default;
  ~Event();
  Event(const Event&) = delete;
  Event& operator=(const Event&) = delete;

  void set();
  void clear();
  bool is_set() const { return load_set(); }

  void wait() {
    if (!load_set()) (void)wait_before(Deadline::never());
  }
  // False if `stop` was requested, or the time was over, and the event was not set.
  bool wait(const std::stop_token& stop) { return wait_before(Deadline::never(), stop); }
  template <class Rep, class Period>
  bool wait_for(const std::chrono::duration<Rep, Period>& timeout) {
    return wait_before(Deadline::after(timeout));
  }
  template <class Clock, class Duration>
  bool wait_until(const std::chrono::time_point<Clock, Duration>& when) {
    return Deadline::retry_until(when, [this](const Deadline& d) { return wait_before(d); });
  }
  bool wait_until_deadline(const Deadline& deadline) { return wait_before(deadline); }

 private:
  bool wait_before(const Deadline& deadline, const std::stop_token& stop = {});

  // acquire: pairs with the release in store_set(): whoever sees the event set sees what came
  // before.
  bool load_set() const { return set_.load(std::memory_order_acquire); }
  // release: pairs with the acquire in load_set().
  void store_set(bool value) WEFT_REQUIRES(mutex_) { set_.store(value, std::memory_order_release); }

  internal::Mutex mutex_;
  std::atomic<bool> set_{false};  // written under mutex_, read anywhere
  internal::WaitList waiters_ WEFT_GUARDED_BY(mutex_);
};

}  // namespace weft
