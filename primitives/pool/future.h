// Future<T>: the outcome of work that another thread does, a value or an exception.
//
// Copies share one outcome, and any number of threads may wait for it.
//
// Thread safety: every function from any thread; one copy of a Future, like any object, must not be
// assigned to while another thread uses that same copy.
// Memory ordering: whatever the worker did before it set the outcome is visible to a thread that
// found done() true or returned from a wait that saw the outcome. Invariant: the outcome is set
// once and never changes.
#pragma once

#include <chrono>
#include <exception>
#include <memory>
#include <type_traits>
#include <utility>
#include <variant>

#include "primitives/base/errors.h"
#include "primitives/threading/event.h"

namespace weft {

template <class T>
class Future;

// The other end: whoever does the work sets the outcome, once. An outcome that is never set leaves
// the waiters waiting; a Promise that goes without one sets RuntimeError.
// Thread safety: from one thread at a time.
template <class T>
class Promise {
 public:
  using Value = std::conditional_t<std::is_void_v<T>, std::monostate, T>;

  Promise() : state_(std::make_shared<State>()) {}
  ~Promise() {
    if (state_ == nullptr || state_->done.is_set()) return;
    set_exception(std::make_exception_ptr(RuntimeError("Promise: it ended without an outcome")));
  }
  Promise(Promise&&) noexcept = default;
  Promise& operator=(Promise&&) = delete;

  Future<T> future() const { return Future<T>(state_); }

  // Both throw InvalidStateError if the outcome is there already.
  void set_value(Value value) { set<1>(std::move(value)); }
  void set_exception(std::exception_ptr error) { set<2>(std::move(error)); }

 private:
  friend class Future<T>;

  struct State {
    // Written once before done is set, read only after: done orders the two.
    std::variant<std::monostate, Value, std::exception_ptr> outcome;
    Event done;
  };

  template <std::size_t kIndex, class Outcome>
  void set(Outcome outcome) {
    if (state_->done.is_set()) throw InvalidStateError("Promise: the outcome was set already");
    state_->outcome.template emplace<kIndex>(std::move(outcome));
    state_->done.set();
  }

  std::shared_ptr<State> state_;
};

template <class T>
class Future {
 public:
  using Value = typename Promise<T>::Value;

  bool done() const { return state_->done.is_set(); }

  void wait() const { state_->done.wait(); }
  template <class Rep, class Period>
  [[nodiscard]] bool wait_for(const std::chrono::duration<Rep, Period>& timeout) const {
    return state_->done.wait_for(timeout);
  }

  // Waits; then the value, or throws the exception, the same object each time.
  const Value& result() const {
    wait();
    return outcome();
  }
  // Throws TimeoutError if the outcome is not there in time; the work goes on.
  template <class Rep, class Period>
  const Value& result_for(const std::chrono::duration<Rep, Period>& timeout) const {
    if (!wait_for(timeout)) throw TimeoutError("Future::result_for: there was no outcome in time");
    return outcome();
  }
  // Waits, and moves the value out: for the only reader, of a type that cannot be copied.
  Value take() {
    wait();
    (void)outcome();
    return std::move(std::get<1>(state_->outcome));
  }

  // Waits; null if the work succeeded.
  std::exception_ptr exception() const {
    wait();
    const auto* error = std::get_if<2>(&state_->outcome);
    return error == nullptr ? nullptr : *error;
  }

 private:
  friend class Promise<T>;
  using State = typename Promise<T>::State;

  explicit Future(std::shared_ptr<State> state) : state_(std::move(state)) {}

  const Value& outcome() const {
    if (const auto* error = std::get_if<2>(&state_->outcome)) std::rethrow_exception(*error);
    return std::get<1>(state_->outcome);
  }

  std::shared_ptr<State> state_;
};

}  // namespace weft
