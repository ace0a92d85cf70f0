#include "primitives/threading/lock.h"

#include "primitives/base/errors.h"

namespace weft {

Lock::~Lock() { annotate::destroyed(this); }

void Lock::acquire_slowly() { (void)acquire_before(Deadline::never()); }

bool Lock::acquire(const std::stop_token& stop) { return acquire_before(Deadline::never(), stop); }

bool Lock::try_acquire() {
  annotate::waiting(this, "Lock");
  annotate::limited(this);
  const bool acquired = lock_.try_lock();
  acquired ? annotate::acquired(this, "Lock") : annotate::released(this, "Lock");
  return acquired;
}

bool Lock::acquire_before(const Deadline& deadline, const std::stop_token& stop) {
  annotate::waiting(this, "Lock");
  if (!deadline.is_never() || stop.stop_possible()) annotate::limited(this);
  const bool acquired = lock_.lock_before(deadline, stop);
  acquired ? annotate::acquired(this, "Lock") : annotate::released(this, "Lock");
  return acquired;
}

void Lock::refuse_release() { throw RuntimeError("Lock::release: the lock is not held"); }

}  // namespace weft
