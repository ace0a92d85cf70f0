#include "primitives/threading/semaphore.h"

#include <string>

#include "primitives/base/errors.h"

namespace weft {

Semaphore::Semaphore(std::ptrdiff_t value, std::ptrdiff_t maximum)
    : maximum_(maximum),
      usual_(value > 0 ? static_cast<std::uint64_t>(value) : 1),
      word_(static_cast<std::uint64_t>(value)) {
  if (value < 0) {
    throw ValueError("Semaphore: the initial value must not be negative, it is " +
                     std::to_string(value));
  }
}

Semaphore::~Semaphore() { annotate::destroyed(this); }

void Semaphore::acquire_slowly() { (void)acquire_before(Deadline::never()); }

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
  const bool acquired = take_one() || take_slowly(deadline, stop);
  acquired ? annotate::acquired(this, "Semaphore") : annotate::released(this, "Semaphore");
  return acquired;
}

bool Semaphore::take_one() {
  std::uint64_t expected = usual_;
  do {
    if (subtract_one(expected)) return true;
  } while (value_of(expected) > 0);
  return false;
}

bool Semaphore::take_slowly(const Deadline& deadline, const std::stop_token& stop) {
  internal::MutexLock hold(mutex_);
  // Looked at once more whatever ended the wait: a permit that is there is never left to a thread
  // that has given up, nor a notification swallowed.
  internal::Wake wake = internal::Wake::kNotified;
  for (;;) {
    std::uint64_t seen = load();
    if (value_of(seen) > 0) {
      if (subtract_one(seen)) return true;
      continue;
    }
    if (wake != internal::Wake::kNotified || deadline.has_passed()) return false;
    if ((seen & kParked) == 0 && !set_parked(seen)) continue;
    wake = waiters_.wait(mutex_, deadline, stop);
    if (wake != internal::Wake::kNotified && waiters_.empty()) clear_parked();
  }
}

void Semaphore::report_release(std::ptrdiff_t count) const {
  require_room(count, load());
  annotate::released(this, "Semaphore");  // before who gets the permits can report itself
}

void Semaphore::give_slowly(std::ptrdiff_t count) {
  for (;;) {
    std::uint64_t seen = load();
    // Not under mutex_: once the permits are there, the semaphore may be destroyed (I4).
    while ((seen & kParked) == 0) {
      require_room(count, seen);
      if (replace(seen, seen + static_cast<std::uint64_t>(count))) return;
    }
    internal::MutexLock hold(mutex_);
    if (!waiters_.empty()) {
      const auto given = static_cast<std::uint64_t>(count);
      const std::uint64_t parked = given < waiters_.size() ? kParked : 0;
      do {
        require_room(count, seen);
      } while (!replace(seen, ((seen & ~kParked) + given) | parked));
      waiters_.notify(given);
      return;
    }
    clear_parked();  // whoever was in the list has given up
  }
}

void Semaphore::require_room(std::ptrdiff_t count, std::uint64_t word) const {
  if (count < 1) {
    throw ValueError("Semaphore::release: the count must be at least 1, it is " +
                     std::to_string(count));
  }
  if (count <= maximum_ - value_of(word)) return;
  throw ValueError("Semaphore::release: " + std::to_string(count) + " more than the value " +
                   std::to_string(value_of(word)) + " would pass the maximum " +
                   std::to_string(maximum_));
}

}  // namespace weft
