// The errors of the primitives, one type for each mistake or outcome that a caller may want to tell
// apart. Names follow the vocabulary of Python's threading, queue and concurrent.futures.
//
// Waits report a time-out by returning false; operations that would have returned a value throw.
#pragma once

#include <stdexcept>

namespace weft {

// The object is in the wrong state: release of what is not held, start() twice, notify without the
// lock, submit after shutdown.
class RuntimeError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// An argument is outside its domain: a negative count or time-out where none is allowed, a release
// beyond a bounded semaphore's initial value, one task_done() too many.
class ValueError : public std::invalid_argument {
 public:
  using std::invalid_argument::invalid_argument;
};

// The barrier broke (time-out, abort, reset, failed action) while or before this thread waited.
class BrokenBarrierError : public RuntimeError {
 public:
  using RuntimeError::RuntimeError;
};

// The executor lost what it needs to work, and does nothing any more.
class BrokenExecutor : public RuntimeError {
 public:
  using RuntimeError::RuntimeError;
};

// The initializer of a worker failed.
class BrokenThreadPool : public BrokenExecutor {
 public:
  using BrokenExecutor::BrokenExecutor;
};

// get found nothing in time. The queue is unchanged.
class QueueEmpty : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// put found no room in time. The item is still the caller's.
class QueueFull : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// The queue was shut down: put always, get once it is empty.
class QueueShutDown : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// A value was not there in time.
class TimeoutError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// The future was cancelled before its work began, or its pool was terminated.
class CancelledError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// A result was set on a future that is already done.
class InvalidStateError : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

}  // namespace weft
