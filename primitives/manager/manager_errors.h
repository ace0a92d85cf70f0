// What goes wrong between a manager and those that use it, beside what its objects throw.
#pragma once

#include "primitives/base/errors.h"

namespace weft::ipc {

// The manager has ended: it was shut down, was killed, or its maker has ended. All that it held is
// lost. The call that found this out may have been done or not. Every later call throws it again,
// at once.
class ManagerGoneError : public RuntimeError {
 public:
  using RuntimeError::RuntimeError;
};

// The other side does not know the key, did not prove in time that it does, or belongs to another
// user.
class AuthenticationError : public RuntimeError {
 public:
  using RuntimeError::RuntimeError;
};

// The manager holds no such object: it was dropped, its ticket was used or has expired, or nothing
// was published by the name.
class NoSuchObjectError : public RuntimeError {
 public:
  using RuntimeError::RuntimeError;
};

}  // namespace weft::ipc
