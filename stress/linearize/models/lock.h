// A lock without an owner: any thread may release it (primitives/threading/lock.h).
//
// Thread safety: values.
#pragma once

#include <utility>

#include "stress/linearize/model.h"

namespace weft::linearize::models {

struct Lock {
  bool held = false;

  Waits<> acquire() {
    if (std::exchange(held, true)) return not_enabled;
    return done;
  }
  bool try_acquire() { return !std::exchange(held, true); }
  Gives<> release() {
    if (!std::exchange(held, false)) return throws("RuntimeError");
    return done;
  }
  bool locked() const { return held; }
};

inline ModelOf<Lock> lock() {
  return ModelOf<Lock>("lock")
      .operation("acquire", &Lock::acquire, Role::kAcquire)
      .operation("try_acquire", &Lock::try_acquire)
      .operation("release", &Lock::release, Role::kRelease)
      .operation("locked", &Lock::locked)
      .is(Kind::kLock);
}

}  // namespace weft::linearize::models
