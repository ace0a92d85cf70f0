// Task<T>: a function that is run by whoever awaits it, and may itself await others.
//
//   Task<int> twice(Task<int> of) { co_return 2 * co_await std::move(of); }
//
// It is lazy: nothing happens until it is awaited, once. Then it runs in the awaiting thread, as a
// call would, until it ends or awaits something that is not there yet; its awaiter goes on in the
// thread in which it ends. Control passes from one to the other directly (symmetric transfer), so a
// chain of awaits, however long, takes no stack. The result, or the exception that left the body,
// comes out of co_await. sync_wait() (sync_wait.h) starts one from a plain function.
//
// Arguments are the body's own if it takes them by value. A lambda's captures are not: they live in
// the lambda, which must outlive the task; give it parameters instead.
//
// Thread safety: as any object; one task runs in one thread at a time.
// Memory ordering: as calls: what the child did is visible to its awaiter.
// Invariant: a task that was not awaited to its end is destroyed with what is in its frame, after
// the child that it awaits: the innermost first, whatever the depth, and without taking stack for
// it.
#pragma once

#include <coroutine>
#include <exception>
#include <optional>
#include <type_traits>
#include <utility>

#include "primitives/base/errors.h"
#include "primitives/base/recycled_memory.h"

namespace weft {

template <class T>
class Task;

namespace internal {

struct TaskPromiseBase;
class HelpedWait;

// What an await of a task consists of, in the frame of its awaiter.
struct TaskLink {
  std::coroutine_handle<> child;  // null once it is destroyed
  TaskPromiseBase* child_promise;
  TaskPromiseBase* awaiter_promise = nullptr;  // null if the awaiter is no task
  TaskLink* outer = nullptr;                   // for destroy_awaited()
};

struct TaskPromiseBase : Recycled {
  std::coroutine_handle<> awaiter;
  TaskLink* awaited = nullptr;  // while the body is suspended in an await of a task
  HelpedWait* wait = nullptr;   // of the worker that blocks in sync_wait() until this has ended
  std::exception_ptr error;

  struct ToTheAwaiter {
    bool await_ready() const noexcept { return false; }
    template <class Promise>
    std::coroutine_handle<> await_suspend(std::coroutine_handle<Promise> ended) const noexcept {
      return ended.promise().awaiter;
    }
    void await_resume() const noexcept {}
  };
  std::suspend_always initial_suspend() const noexcept { return {}; }
  ToTheAwaiter final_suspend() const noexcept { return {}; }
  void unhandled_exception() { error = std::current_exception(); }
  HelpedWait* helped_wait() const { return wait; }
};

// Destroys all that the suspended task awaits, from the innermost child outwards, by a loop: the
// destructors of their frames would do it one within the other.
inline void destroy_awaited(const TaskPromiseBase& task) {
  TaskLink* innermost = nullptr;
  for (TaskLink* link = task.awaited; link != nullptr; link = link->child_promise->awaited) {
    link->outer = std::exchange(innermost, link);
  }
  while (innermost != nullptr) {
    // It is in the frame around the child, which is still there.
    TaskLink& link = *std::exchange(innermost, innermost->outer);
    std::exchange(link.child, nullptr).destroy();
  }
}

template <class T>
struct TaskPromise : TaskPromiseBase {
  using Stored = std::conditional_t<std::is_reference_v<T>, std::remove_reference_t<T>*, T>;

  Task<T> get_return_object();
  template <class Value>
    requires std::is_convertible_v<Value&&, T>
  void return_value(Value&& value) {
    if constexpr (std::is_reference_v<T>) {
      T reference = std::forward<Value>(value);
      result.emplace(std::addressof(reference));
    } else {
      result.emplace(std::forward<Value>(value));
    }
  }
  T take() {
    if (error != nullptr) [[unlikely]]
      std::rethrow_exception(std::move(error));
    if constexpr (std::is_reference_v<T>) {
      return static_cast<T>(**result);
    } else {
      return std::move(*result);
    }
  }
  std::optional<Stored> result;
};

template <>
struct TaskPromise<void> : TaskPromiseBase {
  Task<void> get_return_object();
  void return_void() const noexcept {}
  void take() {
    if (error != nullptr) [[unlikely]]
      std::rethrow_exception(std::move(error));
  }
};

// An await of a task: owns the child from there on.
template <class T>
class TaskAwait {
 public:
  using Body = std::coroutine_handle<TaskPromise<T>>;

  explicit TaskAwait(Body body) : link_{.child = body, .child_promise = &body.promise()} {}
  TaskAwait(const TaskAwait&) = delete;
  TaskAwait& operator=(const TaskAwait&) = delete;
  ~TaskAwait() {
    if (link_.child == nullptr) return;
    if (link_.child_promise->awaited != nullptr) [[unlikely]]
      destroy_awaited(*link_.child_promise);
    link_.child.destroy();
  }

  bool await_ready() const noexcept { return false; }
  template <class Promise>
  std::coroutine_handle<> await_suspend(std::coroutine_handle<Promise> awaiter) noexcept {
    if constexpr (std::is_base_of_v<TaskPromiseBase, Promise>) {
      link_.awaiter_promise = &awaiter.promise();
      link_.awaiter_promise->awaited = &link_;
    }
    if constexpr (requires { awaiter.promise().helped_wait(); }) {
      link_.child_promise->wait = awaiter.promise().helped_wait();
    }
    link_.child_promise->awaiter = awaiter;
    return link_.child;
  }
  T await_resume() {
    if (link_.awaiter_promise != nullptr) link_.awaiter_promise->awaited = nullptr;
    return static_cast<TaskPromise<T>*>(link_.child_promise)->take();
  }

 private:
  TaskLink link_;
};

}  // namespace internal

template <class T = void>
class [[nodiscard]] Task {
 public:
  using promise_type = internal::TaskPromise<T>;

  Task(Task&& other) noexcept : body_(std::exchange(other.body_, nullptr)) {}
  Task& operator=(Task&& other) noexcept {
    std::swap(body_, other.body_);
    return *this;
  }
  ~Task() {
    if (body_ != nullptr) body_.destroy();
  }

  // Throws RuntimeError if it was awaited before or moved away.
  auto operator co_await() && {
    if (body_ == nullptr) throw RuntimeError("Task: it was awaited before, or moved away");
    return internal::TaskAwait<T>(std::exchange(body_, nullptr));
  }

 private:
  friend promise_type;
  using Body = std::coroutine_handle<promise_type>;

  explicit Task(Body body) : body_(body) {}

  Body body_;  // null once it is awaited, or moved away
};

template <class T>
Task<T> internal::TaskPromise<T>::get_return_object() {
  return Task<T>(std::coroutine_handle<TaskPromise>::from_promise(*this));
}
inline Task<void> internal::TaskPromise<void>::get_return_object() {
  return Task<void>(std::coroutine_handle<TaskPromise>::from_promise(*this));
}

}  // namespace weft
