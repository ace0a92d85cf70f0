// AsyncResult<T>: a Future in the vocabulary of multiprocessing.pool.
//
// Thread safety and memory ordering: as of Future.
#pragma once

#include <chrono>
#include <type_traits>
#include <utility>

#include "primitives/base/errors.h"
#include "primitives/pool/future.h"

namespace weft {

template <class T>
class AsyncResult : public Future<T> {
 public:
  using typename Future<T>::Value;

  explicit AsyncResult(Future<T> future) : Future<T>(std::move(future)) {}

  bool ready() const { return this->done(); }
  // Throws ValueError if it is not ready.
  bool successful() const {
    if (!ready()) throw ValueError("AsyncResult::successful: it is not ready");
    return this->state()->outcome() == internal::FutureState::Outcome::kValue;
  }
  const Value& get() const { return this->result(); }
  // Throws TimeoutError.
  template <class Rep, class Period>
  const Value& get_for(const std::chrono::duration<Rep, Period>& timeout) const {
    return this->result_for(timeout);
  }
};

// The callback that is none.
struct NoCallback {
  template <class... Args>
  void operator()(Args&&...) const {}
};

namespace internal {

// What a call that waits returns: the value, moved out of the only future of it, or nothing.
template <class T>
T taken(Future<T> future) {
  if constexpr (std::is_void_v<T>) {
    (void)future.result();
  } else {
    return future.take();
  }
}

// Calls the callback that fits the outcome, in the thread that has it. Its exceptions are stray.
template <class Callback, class... Args>
void call_back(Callback& callback, const Args&... args) noexcept {
  try {
    callback(args...);
  } catch (...) {
    report_stray_exception("a callback of an AsyncResult");
  }
}

}  // namespace internal
}  // namespace weft
