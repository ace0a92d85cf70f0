// The errors of what processes share.
#pragma once

#include "primitives/base/errors.h"

namespace weft::ipc {

// Who held the lock has died, so what it guards may be half-written. The lock is not held by the
// caller; recover() takes it.
class OwnerDiedError : public RuntimeError {
 public:
  using RuntimeError::RuntimeError;
};

// What was attached to is no shared memory of this library, or of another version, machine or
// layout of its content.
class LayoutError : public RuntimeError {
 public:
  using RuntimeError::RuntimeError;
};

}  // namespace weft::ipc
