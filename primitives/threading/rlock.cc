#include "primitives/threading/rlock.h"

#include <limits>
#include <string>
#include <utility>

#include "primitives/annotate.h"
#include "primitives/base/errors.h"
#include "primitives/base/thread_serial.h"

namespace weft {

using internal::kNoThread;
using internal::MutexLock;
using internal::this_thread_serial;
using internal::Wake;

RLock::~RLock() { annotate::destroyed(this); }

void RLock::acquire() { (void)acquire_before(Deadline::never()); }

bool RLock::acquire(const std::stop_token& stop) { return acquire_before(Deadline::never(), stop); }

bool RLock::try_acquire() { return acquire_before(Deadline::passed()); }

bool RLock::acquire_before(const Deadline& deadline, const std::stop_token& stop,
                           std::size_t levels) {
  const std::uint64_t self = this_thread_serial();
  annotate::waiting(this, "RLock");
  if (!deadline.is_never() || stop.stop_possible()) annotate::limited(this);
  bool acquired = false;
  {
    MutexLock hold(mutex_);
    Wake wake = Wake::kNotified;
    while (owner_ != self && owner_ != kNoThread && wake == Wake::kNotified &&
           !deadline.has_passed()) {
      wake = waiters_.wait(mutex_, deadline, stop);
    }
    if (owner_ == self || owner_ == kNoThread) {
      if (depth_ > std::numeric_limits<std::size_t>::max() - levels) {
        throw RuntimeError("RLock::acquire: the recursion count is at its limit");
      }
      owner_ = self;
      depth_ += levels;
      acquired = true;
    }
  }
  acquired ? annotate::acquired(this, "RLock") : annotate::released(this, "RLock");
  return acquired;
}

void RLock::release() {
  MutexLock hold(mutex_);
  require_owner("RLock::release");
  if (--depth_ == 0) let_go();
}

std::size_t RLock::release_save() {
  MutexLock hold(mutex_);
  require_owner("RLock::release_save");
  let_go();
  return std::exchange(depth_, 0);
}

void RLock::require_owner(const char* operation) const {
  if (owner_ == this_thread_serial()) return;
  throw RuntimeError(std::string(operation) + ": the calling thread does not hold the lock");
}

void RLock::let_go() {
  annotate::released(this, "RLock");  // before the next owner can report itself
  owner_ = kNoThread;
  waiters_.notify(1);
}

void RLock::acquire_restore(std::size_t depth) {
  (void)acquire_before(Deadline::never(), {}, depth);
}

bool RLock::locked() const {
  MutexLock hold(mutex_);
  return owner_ != kNoThread;
}

bool RLock::owned() const { return recursion_count() > 0; }

std::size_t RLock::recursion_count() const {
  MutexLock hold(mutex_);
  return owner_ == this_thread_serial() ? depth_ : 0;
}

}  // namespace weft
