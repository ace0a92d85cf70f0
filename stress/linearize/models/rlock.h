// A lock that its holder may take again, and no other thread may release
// (primitives/threading/rlock.h).
//
// Thread safety: values.
#pragma once

#include <cstdint>

#include "stress/linearize/model.h"

namespace weft::linearize::models {

struct RLock {
  unsigned owner = 0;  // 0 while depth is
  std::int64_t depth = 0;

  bool take(unsigned thread) {
    if (depth > 0 && owner != thread) return false;
    owner = thread;
    ++depth;
    return true;
  }
  Waits<> acquire(const Turn& turn) {
    if (!take(turn.thread)) return not_enabled;
    return done;
  }
  bool try_acquire(const Turn& turn) { return take(turn.thread); }
  Gives<> release(const Turn& turn) {
    if (depth == 0 || owner != turn.thread) return throws("RuntimeError");
    if (--depth == 0) owner = 0;
    return done;
  }
  // The caller's view.
  std::int64_t recursion_count(const Turn& turn) const {
    return depth > 0 && owner == turn.thread ? depth : 0;
  }
  bool locked() const { return depth > 0; }
};

inline ModelOf<RLock> rlock() {
  return ModelOf<RLock>("rlock")
      .operation("acquire", &RLock::acquire)
      .operation("try_acquire", &RLock::try_acquire)
      .operation("release", &RLock::release)
      .operation("recursion_count", &RLock::recursion_count)
      .operation("locked", &RLock::locked);
}

}  // namespace weft::linearize::models
