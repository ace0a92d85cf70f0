// What goes wrong with a pool of processes.
#pragma once

#include <string>
#include <utility>

#include "primitives/base/errors.h"

namespace weft::ipc {

// The process that had the task ended before the result was there; the task may have been done in
// part.
class WorkerDiedError : public RuntimeError {
 public:
  using RuntimeError::RuntimeError;
};

// Some process of the pool has ended, and the pool is not to heal itself, or cannot: no task can be
// submitted any more, and those that were not done have failed.
class BrokenProcessPool : public BrokenExecutor {
 public:
  using BrokenExecutor::BrokenExecutor;
};

// What the function threw in the worker, if it is of none of the types that are thrown again as
// they were (remote_failure.h).
class RemoteError : public RuntimeError {
 public:
  RemoteError(std::string type, const std::string& what)
      : RuntimeError(type + ": " + what), type_(std::move(type)) {}
  // Its name in the source; "unknown" for what is no std::exception.
  const std::string& type() const { return type_; }

 private:
  std::string type_;
};

// A process has written over what it shares with others.
class CorruptedError : public RuntimeError {
 public:
  using RuntimeError::RuntimeError;
};

}  // namespace weft::ipc
