// Future<T>: the outcome of work that another thread does: a value, an exception, or that it was
// cancelled. Promise<T>: the other end. The vocabulary is that of Python's concurrent.futures.
//
// Copies of a Future share one outcome, and any number of threads may wait for it. For many futures
// see futures.h: wait(), as_completed().
//
// Thread safety: every function from any thread; one copy of a Future, like any object, must not be
// assigned to while another thread uses that same copy. take() is for one reader, the only one.
// Invariants:     the outcome is set once and never changes; what is done is done for ever.
// Non-invariants: running() and done() may be out of date by the time they return.
// Memory ordering: whatever the worker did before it set the outcome is visible to a thread that
// found done() true, returned from a wait that saw the outcome, or is called back.
//
// Limits of a wait: none, a duration (..._for), a point of time (..._until), or a std::stop_token.
// A time-out or stop request makes wait return false, and result and exception throw TimeoutError;
// the work goes on. A worker of a pool that waits without a limit for a task of its own pool does
// it, if nobody has begun it (helper.h); one that waits with a limit keeps to the limit and sleeps.
#pragma once

#include <chrono>
#include <exception>
#include <memory>
#include <stop_token>
#include <type_traits>
#include <utility>

#include "primitives/base/deadline.h"
#include "primitives/base/errors.h"
#include "primitives/pool/reference.h"
#include "primitives/pool/stray_exception.h"
#include "primitives/pool/value_state.h"

namespace weft {

template <class T>
class Future {
 public:
  using Type = T;
  using Value = internal::ValueOf<T>;
  using State = internal::ValueState<T>;

  // For the makers of futures.
  explicit Future(internal::Reference<State> state) : state_(std::move(state)) {}

  bool done() const { return state_->done(); }
  bool running() const { return state_->running(); }
  bool cancelled() const { return state_->cancelled(); }

  // True if the work will not be done: nobody had begun it. Whoever waits for the result goes on;
  // the callbacks are called here. False if it runs or has ended.
  bool cancel() {
    // A callback may destroy this object.
    const internal::Reference<State> state = state_;
    return state->cancel();
  }
  // Asks running work to end; false if it takes no std::stop_token.
  bool request_stop() { return state_->request_stop(); }

  void wait() const { (void)state_->wait(Deadline::never()); }
  bool wait(const std::stop_token& stop) const { return state_->wait(Deadline::never(), stop); }
  template <class Rep, class Period>
  [[nodiscard]] bool wait_for(const std::chrono::duration<Rep, Period>& timeout) const {
    return state_->wait(Deadline::after(timeout));
  }
  template <class Clock, class Duration>
  [[nodiscard]] bool wait_until(const std::chrono::time_point<Clock, Duration>& when) const {
    return Deadline::retry_until(when, [this](const Deadline& d) { return state_->wait(d); });
  }

  // Waits; then the value, or throws the exception, the same object each time; CancelledError if it
  // was cancelled.
  const Value& result() const {
    wait();
    return state_->value();
  }
  const Value& result(const std::stop_token& stop) const {
    return in_time(wait(stop)).state_->value();
  }
  template <class Rep, class Period>
  const Value& result_for(const std::chrono::duration<Rep, Period>& timeout) const {
    return in_time(wait_for(timeout)).state_->value();
  }
  template <class Clock, class Duration>
  const Value& result_until(const std::chrono::time_point<Clock, Duration>& when) const {
    return in_time(wait_until(when)).state_->value();
  }
  // Waits, and moves the value out: for the only reader, of a type that cannot be copied.
  Value take() {
    wait();
    return std::move(state_->value());
  }

  // Waits; null if the work succeeded, CancelledError if it was cancelled.
  std::exception_ptr exception() const {
    wait();
    return state_->error();
  }
  template <class Rep, class Period>
  std::exception_ptr exception_for(const std::chrono::duration<Rep, Period>& timeout) const {
    return in_time(wait_for(timeout)).state_->error();
  }

  // Calls `callback` with a copy of this future once, when it is done: in the thread that sets the
  // outcome or cancels, after those who wait are woken, in the order of addition; at once if it is
  // done already. What the callback throws goes to the hook of stray exceptions.
  template <class F>
  void add_done_callback(F&& callback) const {
    auto call = std::make_unique<Callback<std::decay_t<F>>>(std::forward<F>(callback));
    if (state_->observe(*call, internal::Stage::kDone)) {
      (void)call.release();
    } else {
      call->on_reached(*state_.get());
      (void)call.release();  // it has destroyed itself
    }
  }

  // Whether two are the same future, not whether their outcomes are equal.
  friend bool operator==(const Future& a, const Future& b) {
    return a.state_.get() == b.state_.get();
  }

  const internal::Reference<State>& state() const { return state_; }

 private:
  template <class F>
  class Callback final : public internal::Observer {
   public:
    template <class G>
    explicit Callback(G&& function)
        : Observer(Manner::kCall), function_(std::forward<G>(function)) {}
    void on_reached(internal::FutureState& state) noexcept override {
      try {
        std::move(function_)(
            Future(internal::Reference<State>::share(static_cast<State*>(&state))));
      } catch (...) {
        report_stray_exception("a done callback");
      }
      end_reporting("the destructor of a done callback", [this] { delete this; });
    }

   private:
    F function_;
  };

  const Future& in_time(bool done) const {
    if (!done) throw TimeoutError("Future: there was no outcome in time");
    return *this;
  }

  internal::Reference<State> state_;
};

// Whoever does the work sets the outcome, once. A Promise that goes without one sets RuntimeError;
// one that was cancelled counts as told when it goes. Thread safety: every function from any
// thread; of two that set, one throws.
template <class T>
class Promise {
 public:
  using Value = typename Future<T>::Value;

  Promise() : Promise(internal::Reference<State>::adopt(new Plain)) {}
  // For the makers of futures.
  explicit Promise(internal::Reference<internal::ValueState<T>> state) : state_(std::move(state)) {}
  ~Promise() {
    if (!state_) return;
    if (state_->cancelled()) state_->abandon();
    if (state_->done()) return;
    try {
      set_exception(std::make_exception_ptr(RuntimeError("Promise: it ended without an outcome")));
    } catch (const InvalidStateError&) {
      state_->abandon();  // it was cancelled meanwhile
    }
  }
  Promise(Promise&&) noexcept = default;
  Promise& operator=(Promise&&) = delete;

  Future<T> future() const { return Future<T>(state_); }

  // To be asked before the work begins. False: it was cancelled, do not begin. True: it cannot be
  // cancelled any more. Throws RuntimeError if it has begun or ended already.
  bool set_running_or_notify_cancel() { return kept()->set_running_or_notify_cancel(); }

  // These throw InvalidStateError if the outcome is there already, or the future was cancelled. If
  // the value's move throws, there is no outcome yet, and the future counts as running.
  void set_result(Value value) { with_value(std::move(value))->finish(); }
  void set_exception(std::exception_ptr error) { with_error(std::move(error))->finish(); }
  // The same by a thread that must not call anybody back. False if somebody may want to be called:
  // then the future is not done until another thread calls publish().
  [[nodiscard]] bool set_result_unobserved(Value value) {
    return with_value(std::move(value))->finish_unobserved();
  }
  [[nodiscard]] bool set_exception_unobserved(std::exception_ptr error) {
    return with_error(std::move(error))->finish_unobserved();
  }
  void publish() { kept()->finish(); }
  // As std::promise calls it.
  void set_value(Value value) { set_result(std::move(value)); }

 private:
  using State = typename Future<T>::State;

  struct Plain final : State {
    Plain() : State(nullptr, 1) {}
  };

  // A reference of its own: whoever is woken may destroy this object before the call has ended.
  internal::Reference<State> kept() { return state_; }
  internal::Reference<State> with_value(Value&& value) {
    auto state = kept();
    state->begin_setting();
    try {
      state->emplace_value(std::move(value));
    } catch (...) {
      state->give_up_setting();
      throw;
    }
    return state;
  }
  internal::Reference<State> with_error(std::exception_ptr error) {
    auto state = kept();
    state->begin_setting();
    state->emplace_error(std::move(error));
    return state;
  }

  internal::Reference<State> state_;
};

}  // namespace weft
