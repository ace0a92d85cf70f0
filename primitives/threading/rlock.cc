#include "primitives/threading/rlock.h"

#include <string>
#include <utility>

#include "primitives/base/errors.h"

namespace weft {

RLock::~RLock() { annotate::destroyed(this); }

void RLock::acquire_slowly() { (void)acquire_before(Deadline::never()); }

bool RLock::acquire(const std::stop_token& stop) { return acquire_before(Deadline::never(), stop); }

bool RLock::try_acquire() { return acquire_before(Deadline::passed()); }

bool RLock::acquire_before(const Deadline& deadline, const std::stop_token& stop,
                           std::size_t levels) {
  annotate::waiting(this, "RLock");
  if (!deadline.is_never() || stop.stop_possible()) annotate::limited(this);
  bool acquired = true;
  if (owned()) {
    if (depth_ > std::numeric_limits<std::size_t>::max() - levels) {
      throw RuntimeError("RLock::acquire: the recursion count is at its limit");
    }
    depth_ += levels;
  } else {
    acquired = lock_.lock_before(deadline, stop);
    if (acquired) begin(levels);
  }
  acquired ? annotate::acquired(this, "RLock") : annotate::released(this, "RLock");
  return acquired;
}

std::size_t RLock::release_save() {
  if (!owned()) refuse("RLock::release_save");
  const std::size_t depth = std::exchange(depth_, 0);
  let_go();
  return depth;
}

void RLock::acquire_restore(std::size_t depth) {
  (void)acquire_before(Deadline::never(), {}, depth);
}

void RLock::refuse(const char* operation) {
  throw RuntimeError(std::string(operation) + ": the calling thread does not hold the lock");
}

}  // namespace weft
