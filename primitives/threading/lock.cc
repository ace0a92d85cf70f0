#include "primitives/threading/lock.h"

#include "primitives/annotate.h"
#include "primitives/base/errors.h"

namespace weft {

Lock::~Lock() { annotate::destroyed(this); }

void Lock::acquire() { (void)acquire_before(Deadline::never()); }

bool Lock::acquire(const std::stop_token& stop) { return acquire_before(Deadline::never(), stop); }

bool Lock::try_acquire() { return acquire_before(Deadline::passed()); }

bool Lock::acquire_before(const Deadline& deadline, const std::stop_token& stop) {
  annotate::waiting(this, "Lock");
  if (!deadline.is_never() || stop.stop_possible()) annotate::limited(this);
  bool acquired = false;
  {
    internal::MutexLock hold(mutex_);
    // A notified thread looks again: another one may have passed it. It looks once more after a
    // time-out too, so a release that comes at the last moment is taken.
    internal::Wake wake = internal::Wake::kNotified;
    while (held_ && wake == internal::Wake::kNotified && !deadline.has_passed()) {
      wake = waiters_.wait(mutex_, deadline, stop);
    }
    acquired = !held_;
    held_ = true;
  }
  acquired ? annotate::acquired(this, "Lock") : annotate::released(this, "Lock");
  return acquired;
}

void Lock::release() {
  internal::MutexLock hold(mutex_);
  if (!held_) throw RuntimeError("Lock::release: the lock is not held");
  annotate::released(this, "Lock");  // before the next holder can report itself
  held_ = false;
  waiters_.notify(1);
}

bool Lock::locked() const {
  internal::MutexLock hold(mutex_);
  return held_;
}

}  // namespace weft
