#include "primitives/threading/semaphore.h"

#include <algorithm>
#include <string>

#include "primitives/base/errors.h"

namespace weft {

Semaphore::Semaphore(std::ptrdiff_t value, std::ptrdiff_t maximum)
    : maximum_(maximum), usual_(value > 0 ? value - 1 : 0), word_(value) {
  if (value < 0) {
    throw ValueError("Semaphore: the initial value must not be negative, it is " +
                     std::to_string(value));
  }
}

Semaphore::~Semaphore() { annotate::destroyed(this); }

void Semaphore::acquire_watched() {
  annotate::waiting(this, "Semaphore");
  if (!take_or_wait()) {
    internal::MutexLock hold(mutex_);
    (void)await_grant(Deadline::never(), {});
  }
  annotate::acquired(this, "Semaphore");
}

void Semaphore::acquire_waiting() {
  internal::MutexLock hold(mutex_);
  (void)await_grant(Deadline::never(), {});
}

bool Semaphore::acquire(const std::stop_token& stop) {
  return acquire_before(Deadline::never(), stop);
}

bool Semaphore::try_acquire() {
  annotate::waiting(this, "Semaphore");
  const bool acquired = take_one();
  acquired ? annotate::acquired(this, "Semaphore") : annotate::released(this, "Semaphore");
  return acquired;
}

bool Semaphore::acquire_before(const Deadline& deadline, const std::stop_token& stop) {
  annotate::waiting(this, "Semaphore");
  bool acquired = take_one();
  if (!acquired && !deadline.has_passed()) {
    internal::MutexLock hold(mutex_);
    acquired = take_or_wait() || await_grant(deadline, stop);
  }
  acquired ? annotate::acquired(this, "Semaphore") : annotate::released(this, "Semaphore");
  return acquired;
}

bool Semaphore::take_one() {
  std::ptrdiff_t expected = usual_ + 1;
  do {
    // acquire: pairs with the release in replace(), as in take_or_wait(). relaxed on failure:
    // nothing was taken.
    if (word_.compare_exchange_weak(expected, expected - 1, std::memory_order_acquire,
                                    std::memory_order_relaxed)) {
      return true;
    }
  } while (expected > 0);
  return false;
}

bool Semaphore::await_grant(const Deadline& deadline, const std::stop_token& stop) {
  while (granted_ == 0) {
    const internal::Wake wake = waiters_.wait(mutex_, deadline, stop);
    if (wake == internal::Wake::kNotified) continue;
    // A grant that is there now is of a thread that was notified, or is about to come here. So the
    // word is below zero, and stays so for others: who releases to it needs mutex_.
    // relaxed: nothing was given or taken.
    word_.fetch_add(1, std::memory_order_relaxed);
    return false;
  }
  --granted_;
  return true;
}

void Semaphore::report_release(std::ptrdiff_t count) const {
  require_room(count, load());
  annotate::released(this, "Semaphore");  // before who gets the permits can report itself
}

void Semaphore::give_slowly(std::ptrdiff_t count) {
  for (std::ptrdiff_t seen = load();;) {
    // Not under mutex_: once the permits are there, the semaphore may be destroyed (I4).
    while (seen >= 0) {
      require_room(count, seen);
      if (replace(seen, seen + count)) return;
    }
    internal::MutexLock hold(mutex_);
    while (seen < 0) {
      require_room(count, seen);
      const std::ptrdiff_t waiting = -seen;
      if (!replace(seen, seen + count)) continue;
      const std::ptrdiff_t grants = std::min(count, waiting);
      granted_ += grants;
      (void)waiters_.notify(static_cast<std::size_t>(grants));
      return;
    }
  }
}

void Semaphore::require_room(std::ptrdiff_t count, std::ptrdiff_t word) const {
  if (count < 1) {
    throw ValueError("Semaphore::release: the count must be at least 1, it is " +
                     std::to_string(count));
  }
  const std::ptrdiff_t value = word > 0 ? word : 0;
  if (count <= maximum_ - value) return;
  throw ValueError("Semaphore::release: " + std::to_string(count) + " more than the value " +
                   std::to_string(value) + " would pass the maximum " + std::to_string(maximum_));
}

}  // namespace weft
