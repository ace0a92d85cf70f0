// sync_wait(task): runs a Task from a plain function, and waits for its end.
//
// A worker of a pool that waits so does what the task awaits meanwhile, if that is a Future of the
// same pool which nobody has begun, or a resume_on() of that pool; so tasks of a pool may wait for
// coroutines that need it, whatever the number of workers. What the task awaits by other means, an
// awaitable of its own for instance, needs a thread that is free.
//
// Thread safety: from any thread.
// Memory ordering: what the task did, in whichever thread it ended, is visible after sync_wait().
#pragma once

#include <coroutine>
#include <exception>
#include <optional>
#include <type_traits>
#include <utility>

#include "primitives/coroutine/task.h"
#include "primitives/pool/helped_wait.h"

namespace weft {
namespace internal {

// The outermost frame: awaits the task and says that it has ended.
class WaitedFor {
 public:
  struct promise_type {
    HelpedWait wait;
    HelpedWait* helped_wait() { return wait.helps() ? &wait : nullptr; }
    struct Tell {
      bool await_ready() const noexcept { return false; }
      // The waiting thread destroys the frame as soon as it is told: nothing is touched after that,
      // and end() itself bears it.
      void await_suspend(std::coroutine_handle<promise_type> frame) const noexcept {
        frame.promise().wait.end();
      }
      void await_resume() const noexcept {}
    };
    WaitedFor get_return_object() {
      return WaitedFor(std::coroutine_handle<promise_type>::from_promise(*this));
    }
    std::suspend_always initial_suspend() const noexcept { return {}; }
    Tell final_suspend() const noexcept { return {}; }
    void return_void() const noexcept {}
    void unhandled_exception() const noexcept { std::terminate(); }  // the body throws nothing
  };

  explicit WaitedFor(std::coroutine_handle<promise_type> frame) : frame_(frame) {}
  WaitedFor(const WaitedFor&) = delete;
  WaitedFor& operator=(const WaitedFor&) = delete;
  ~WaitedFor() { frame_.destroy(); }
  void run() {
    frame_.resume();
    frame_.promise().wait.until_end();
  }

 private:
  const std::coroutine_handle<promise_type> frame_;
};

template <class T, class Result>
WaitedFor keep_outcome(Task<T> task, Result& result, std::exception_ptr& error) {
  try {
    if constexpr (std::is_void_v<T>) {
      co_await std::move(task);
    } else if constexpr (std::is_reference_v<T>) {
      T reference = co_await std::move(task);
      result.emplace(std::addressof(reference));
    } else {
      result.emplace(co_await std::move(task));
    }
  } catch (...) {
    error = std::current_exception();
  }
}

}  // namespace internal

// The task's result, or its exception.
template <class T>
T sync_wait(Task<T> task) {
  using Stored = std::conditional_t<std::is_reference_v<T>, std::remove_reference_t<T>*,
                                    std::conditional_t<std::is_void_v<T>, bool, T>>;
  std::optional<Stored> result;
  std::exception_ptr error;
  internal::keep_outcome(std::move(task), result, error).run();
  if (error != nullptr) std::rethrow_exception(error);
  if constexpr (std::is_reference_v<T>) {
    return static_cast<T>(**result);
  } else if constexpr (!std::is_void_v<T>) {
    return std::move(*result);
  }
}

}  // namespace weft
