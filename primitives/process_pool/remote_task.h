// RemoteTask: a call that a process of the pool is to make, and what becomes of its result.
//
// Thread safety: one thread at a time, which owns it.
// Invariants:     (I1) Of succeed(), fail() and cancel() one is called, and once, unless claim()
//                      said that the task is cancelled already.
#pragma once

#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <span>
#include <type_traits>
#include <utility>

#include "primitives/base/errors.h"
#include "primitives/pool/async_result.h"
#include "primitives/pool/future.h"
#include "primitives/process_pool/remote_call.h"
#include "primitives/process_pool/watch.h"

namespace weft::internal {

class RemoteTask {
 public:
  RemoteTask(RemoteCall call, std::uint64_t function) : call(call), function(function) {}
  RemoteTask(const RemoteTask&) = delete;
  RemoteTask& operator=(const RemoteTask&) = delete;
  virtual ~RemoteTask() = default;

  // Before it is given to a worker for the first time. False: it was cancelled.
  bool claim() { return claimed_ || (claimed_ = begin()); }
  virtual void succeed(std::span<const std::byte> result) noexcept = 0;
  virtual void fail(std::exception_ptr error) noexcept = 0;
  // Nobody will do it.
  virtual void cancel() noexcept = 0;

  // Where to write where it is, for callers that wait for it; null if they are not to look for its
  // result themselves: it calls them back, or somebody else.
  virtual Post* post() { return nullptr; }
  // If it is `unpublished`: by a thread that may call observers.
  virtual void publish() noexcept {}

  const RemoteCall call;
  const std::uint64_t function;
  Bytes arguments;
  unsigned deaths = 0;  // workers that have died of it
  // Whether the thread that ends it may call the observers of its future.
  bool calls_observers = true;
  // It has ended in one that may not, and there may be some: publish() is missing.
  bool unpublished = false;

 protected:
  virtual bool begin() = 0;

 private:
  bool claimed_ = false;
};

// A single call, whose result is a future's.
template <class R, class Callback = NoCallback, class ErrorCallback = NoCallback>
class CallTask final : public RemoteTask {
 public:
  CallTask(RemoteCall call, std::uint64_t function, Callback callback = {},
           ErrorCallback error_callback = {})
      : RemoteTask(call, function),
        callback_(std::move(callback)),
        error_callback_(std::move(error_callback)) {}

  Future<R> future() const { return promise_.future(); }
  Post* post() override { return kCallsBack ? nullptr : &state_->post; }
  void publish() noexcept override { promise_.publish(); }

  void succeed(std::span<const std::byte> result) noexcept override {
    try {
      if constexpr (std::is_void_v<R>) {
        (void)result;
        call_back(callback_);
        set_result({});
      } else {
        R value = ipc::decode<R>(result);
        call_back(callback_, value);
        set_result(std::move(value));
      }
    } catch (...) {
      fail(std::current_exception());
    }
  }
  void fail(std::exception_ptr error) noexcept override {
    call_back(error_callback_, error);
    try {
      if (calls_observers) {
        promise_.set_exception(std::move(error));
      } else {
        unpublished = !promise_.set_exception_unobserved(std::move(error));
      }
    } catch (const InvalidStateError&) {
      // It was cancelled meanwhile.
    }
  }
  void cancel() noexcept override {
    if (!promise_.future().cancel()) {
      fail(std::make_exception_ptr(CancelledError("the pool of processes was terminated")));
    }
  }

 protected:
  bool begin() override { return promise_.set_running_or_notify_cancel(); }

 private:
  static constexpr bool kCallsBack =
      !std::is_same_v<Callback, NoCallback> || !std::is_same_v<ErrorCallback, NoCallback>;

  struct State final : ValueState<R> {
    State() : ValueState<R>(nullptr, 1) {}
    bool look_for_outcome(SpinBudget& budget) override {
      const bool looked = post.watch != nullptr && Watch::look_for_result(post, budget);
      return looked ? this->done() : ValueState<R>::look_for_outcome(budget);
    }

    Post post;  // written before anybody else has the future
  };

  void set_result(ValueOf<R> value) {
    if (calls_observers) {
      promise_.set_result(std::move(value));
    } else {
      unpublished = !promise_.set_result_unobserved(std::move(value));
    }
  }

  State* const state_ = new State;  // the promise's
  Promise<R> promise_{Reference<ValueState<R>>::adopt(state_)};
  Callback callback_;
  ErrorCallback error_callback_;
};

}  // namespace weft::internal
