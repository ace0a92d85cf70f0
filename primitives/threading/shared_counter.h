// SharedCounter: an integer that threads add to and subtract from under a lock; the example of the
// cookbook's section on locking critical sections.
//
// Thread safety: every function from any thread.
// Memory ordering: changes are totally ordered, and each change and value() sees all before it.
// Invariant: value() is the initial value plus all increments minus all decrements so far.
#pragma once

#include <cstdint>
#include <mutex>

#include "primitives/threading/lock.h"

namespace weft {

class SharedCounter {
 public:
  explicit SharedCounter(std::int64_t initial = 0) : value_(initial) {}

  void incr(std::int64_t delta = 1) {
    std::scoped_lock hold(lock_);
    value_ += delta;
  }
  void decr(std::int64_t delta = 1) {
    std::scoped_lock hold(lock_);
    value_ -= delta;
  }
  std::int64_t value() const {
    std::scoped_lock hold(lock_);
    return value_;
  }

 private:
  mutable Lock lock_;
  std::int64_t value_;  // guarded by lock_, which the analysis does not know: it has no owner
};

}  // namespace weft
