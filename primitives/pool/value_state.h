// ValueState<T>: a FutureState with the place of its outcome.
//
// Thread safety: value(), error() and take() once the future is done, from any thread, but take()
// by one and with nobody beside it; set() by the one thread that may finish (FutureState I2).
#pragma once

#include <exception>
#include <functional>
#include <type_traits>
#include <utility>
#include <variant>

#include "primitives/base/errors.h"
#include "primitives/pool/future_state.h"

namespace weft::internal {

// What a future of T holds: nothing for void, where a reference leads for a reference.
template <class T>
using ValueOf =
    std::conditional_t<std::is_void_v<T>, std::monostate,
                       std::conditional_t<std::is_reference_v<T>,
                                          std::reference_wrapper<std::remove_reference_t<T>>, T>>;

template <class T>
class ValueState : public FutureState {
 public:
  using Value = ValueOf<T>;

  ValueState(const void* home, std::uint32_t references) : FutureState(home, references) {}

  template <class... Args>
  void emplace_value(Args&&... args) {
    outcome_.template emplace<1>(std::forward<Args>(args)...);
  }
  void emplace_error(std::exception_ptr error) noexcept {
    outcome_.template emplace<2>(std::move(error));
  }

  // The value; throws the error, the same object each time, or CancelledError.
  Value& value() {
    if (outcome_.index() == 1) return *std::get_if<1>(&outcome_);
    if (const auto* error = std::get_if<2>(&outcome_)) std::rethrow_exception(*error);
    throw CancelledError("Future: it was cancelled");
  }
  // Null for a value; throws CancelledError.
  std::exception_ptr error() {
    if (outcome_.index() == 1) return nullptr;
    if (const auto* error = std::get_if<2>(&outcome_)) return *error;
    throw CancelledError("Future: it was cancelled");
  }

 protected:
  bool has_error() const override { return outcome_.index() == 2; }

 private:
  // Written by the one who finishes, read when the phase says done, which orders the two.
  std::variant<std::monostate, Value, std::exception_ptr> outcome_;
};

}  // namespace weft::internal
