#include "primitives/threading/semaphore.h"

#include <string>

#include "primitives/annotate.h"
#include "primitives/base/errors.h"

namespace weft {

Semaphore::Semaphore(std::ptrdiff_t value, std::ptrdiff_t maximum)
    : maximum_(maximum), value_(value) {
  if (value < 0) {
    throw ValueError("Semaphore: the initial value must not be negative, it is " +
                     std::to_string(value));
  }
}

Semaphore::~Semaphore() { annotate::destroyed(this); }

void Semaphore::acquire() { (void)acquire_before(Deadline::never()); }

bool Semaphore::acquire(const std::stop_token& stop) {
  return acquire_before(Deadline::never(), stop);
}

bool Semaphore::try_acquire() { return acquire_before(Deadline::passed()); }

bool Semaphore::acquire_before(const Deadline& deadline, const std::stop_token& stop) {
  annotate::waiting(this, "Semaphore");
  bool acquired = false;
  {
    internal::MutexLock hold(mutex_);
    internal::Wake wake = internal::Wake::kNotified;
    while (value_ == 0 && wake == internal::Wake::kNotified && !deadline.has_passed()) {
      wake = waiters_.wait(mutex_, deadline, stop);
    }
    // Looked at once more whatever ended the wait: a permit that is there is never left to a thread
    // that has given up, nor a notification swallowed.
    acquired = value_ > 0;
    if (acquired) --value_;
  }
  acquired ? annotate::acquired(this, "Semaphore") : annotate::released(this, "Semaphore");
  return acquired;
}

void Semaphore::release(std::ptrdiff_t count) {
  if (count < 1) {
    throw ValueError("Semaphore::release: the count must be at least 1, it is " +
                     std::to_string(count));
  }
  internal::MutexLock hold(mutex_);
  if (count > maximum_ - value_) {
    throw ValueError("Semaphore::release: " + std::to_string(count) + " more than the value " +
                     std::to_string(value_) + " would pass the maximum " +
                     std::to_string(maximum_));
  }
  annotate::released(this, "Semaphore");
  value_ += count;
  waiters_.notify(static_cast<std::size_t>(count));
}

std::ptrdiff_t Semaphore::value() const {
  internal::MutexLock hold(mutex_);
  return value_;
}

}  // namespace weft
