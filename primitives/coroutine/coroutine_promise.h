// What a Coroutine's body and its caller leave for each other in the body's frame.
//
// Thread safety: `turn` by itself; everything else belongs to the one who has the turn.
#pragma once

#include <coroutine>
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

#include "primitives/base/errors.h"
#include "primitives/coroutine/stop_iteration.h"
#include "primitives/coroutine/turn.h"

namespace weft::internal {

// How the body is entered at its co_yield.
enum class Entry : std::uint8_t { kValue, kThrow, kExit };

// The end of the body: the part that depends on Return.
template <class Return>
struct CoroutineEnd {
  std::optional<Return> returned;
  template <class Value>
  void return_value(Value&& value) {
    returned.emplace(std::forward<Value>(value));
  }
  [[noreturn]] void throw_return() { throw StopIterationWith<Return>(std::move(*returned)); }
};
template <>
struct CoroutineEnd<void> {
  void return_void() const noexcept {}
  [[noreturn]] void throw_return() { throw StopIteration("Coroutine: the body has returned"); }
};

// What is yielded: the part that depends on Yield. The object lives in the body's frame until the
// body is resumed.
template <class Yield>
struct CoroutineYield {
  using Yielded = std::remove_reference_t<Yield>;
  Yielded* yielded = nullptr;
  void keep(Yielded& value) { yielded = std::addressof(value); }
};
template <>
struct CoroutineYield<void> {};

// `co_yield {}` where Yield is void.
struct Nothing {};

// What is sent: the part that depends on Send. The object lives in send().
template <class Send>
struct CoroutineSend {
  Send* sent = nullptr;
  Send take_sent() { return std::move(*sent); }
};
template <>
struct CoroutineSend<void> {
  void take_sent() const {}
};

template <class Yield, class Send, class Return>
struct CoroutinePromise : CoroutineEnd<Return>, CoroutineYield<Yield>, CoroutineSend<Send> {
  Turn turn;
  Entry entry = Entry::kValue;
  bool exited = false;        // a GeneratorExit has left the body
  std::exception_ptr thrown;  // by throw_(), for Entry::kThrow
  std::exception_ptr error;   // what has left the body

  std::suspend_always initial_suspend() const noexcept { return {}; }
  std::suspend_always final_suspend() const noexcept { return {}; }

  void unhandled_exception() {
    try {
      throw;
    } catch (const GeneratorExit&) {
      exited = true;
      error = std::current_exception();
    } catch (const StopIteration& stop) {
      error = std::make_exception_ptr(
          RuntimeError(std::string("Coroutine: the body raised StopIteration: ") + stop.what()));
    } catch (...) {
      error = std::current_exception();
    }
  }

  // The value of a co_yield.
  struct Suspension : std::suspend_always {
    explicit Suspension(CoroutinePromise& promise) : promise(promise) {}
    Send await_resume() {
      if (promise.entry != Entry::kValue) [[unlikely]]
        promise.throw_entry();
      return promise.take_sent();
    }
    CoroutinePromise& promise;
  };
  // Yield is void: `co_yield {}`.
  Suspension yield_value(Nothing)
    requires(std::is_void_v<Yield>)
  {
    return Suspension(*this);
  }
  // A temporary lives until the body is resumed.
  template <class Value>
    requires(!std::is_void_v<Yield> && std::is_convertible_v<Value, Yield>)
  auto yield_value(Value&& value) {
    if constexpr (std::is_same_v<std::remove_reference_t<Value>, std::remove_reference_t<Yield>> &&
                  (std::is_reference_v<Yield> || !std::is_lvalue_reference_v<Value>)) {
      this->keep(value);
      return Suspension(*this);
    } else {
      // Converted or copied, into the body's frame.
      struct Keeping : Suspension {
        Keeping(CoroutinePromise& promise, Value&& value)
            : Suspension(promise), kept(std::forward<Value>(value)) {}
        void await_suspend(std::coroutine_handle<>) { this->promise.keep(kept); }
        std::remove_cvref_t<Yield> kept;
      };
      return Keeping(*this, std::forward<Value>(value));
    }
  }
  // A coroutine waits for nobody but its caller.
  template <class Any>
  void await_transform(Any&&) = delete;

  [[noreturn]] void throw_entry() {
    if (std::exchange(entry, Entry::kValue) == Entry::kExit) throw GeneratorExit();
    std::rethrow_exception(std::exchange(thrown, nullptr));
  }
  // After the body's end.
  [[noreturn]] void throw_end() {
    if (error != nullptr) std::rethrow_exception(std::exchange(error, nullptr));
    this->throw_return();
  }
};

}  // namespace weft::internal
