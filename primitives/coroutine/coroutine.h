// Coroutine<Yield, Send, Return>: a function that gives the control back with each co_yield and is
// resumed there, with a value or an exception: Python's generators as coroutines.
//
//   Coroutine<void, int> consumer() {
//     try {
//       while (true) print("consumed", co_yield {});  // Yield is void: it yields nothing
//     } catch (const GeneratorExit&) {
//       print("consumer: done");
//     }
//   }
//   auto c = consumer();
//   c.next();   // up to the first co_yield
//   c.send(1);  // that co_yield is 1; up to the next one
//   c.close();  // that one throws GeneratorExit
//
// The body's end comes out of next() and send() as StopIteration, with what it returned: as
// StopIterationWith<Return>. An exception that leaves the body comes out as it is, and ends it; a
// StopIteration that leaves it would be taken for its end, so it comes out as RuntimeError.
// Dropping a suspended coroutine closes it; what its body throws then is lost, with a line on
// stderr.
//
// Arguments are the body's own if it takes them by value. A lambda's captures are not: they live in
// the lambda, which must outlive the coroutine; give it parameters instead.
//
// Thread safety: next(), send(), throw_(), close() and done() from any thread, one at a time: while
// one is inside, the others throw ValueError, in the body itself, too. Moving and destroying is for
// one thread, after the others; a coroutine destroyed while it executes ends the program with a
// message.
// Memory ordering: what one call did, the body included, is visible to the next one.
// Invariant: resuming allocates nothing. Non-invariant: done() may be out of date by the time it
// returns false.
#pragma once

#include <coroutine>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <utility>

#include "primitives/base/errors.h"
#include "primitives/coroutine/coroutine_promise.h"
#include "primitives/coroutine/stop_iteration.h"
#include "primitives/coroutine/turn.h"

namespace weft {

template <class Yield = void, class Send = void, class Return = void>
class [[nodiscard]] Coroutine {
 public:
  struct promise_type : internal::CoroutinePromise<Yield, Send, Return> {
    Coroutine get_return_object() { return Coroutine(Body::from_promise(*this)); }
  };

  Coroutine(Coroutine&& other) noexcept : body_(std::exchange(other.body_, nullptr)) {}
  Coroutine& operator=(Coroutine&& other) noexcept {
    if (this != &other) {
      drop();
      body_ = std::exchange(other.body_, nullptr);
    }
    return *this;
  }
  ~Coroutine() { drop(); }

  // Resumes the body up to its next co_yield, and returns what that yields. Where Send is a type,
  // only the first step is one without a value: RuntimeError for a later one.
  Yield next() {
    const Turn::Value was = take_turn_to_step();
    if constexpr (!std::is_void_v<Send>) {
      if (was != Turn::kFresh) {
        promise().turn.leave(was);
        throw RuntimeError("Coroutine::next: the body waits for a value; use send()");
      }
    }
    return step();
  }

  // Resumes the body, whose co_yield is `value`. RuntimeError before the first step, which has no
  // co_yield to receive it.
  template <class Value = Send>
    requires(!std::is_void_v<Send> && std::is_convertible_v<Value, Send>)
  Yield send(Value&& value) {
    Send sent(std::forward<Value>(value));
    const Turn::Value was = take_turn_to_step();
    if (was == Turn::kFresh) {
      promise().turn.leave(was);
      throw RuntimeError("Coroutine::send: the body has not begun; call next() first");
    }
    promise().sent = std::addressof(sent);
    return step();
  }

  // Resumes the body, whose co_yield throws. Where there is none to throw, since the body has not
  // begun or has ended, `error` comes straight back, and the body has ended.
  Yield throw_(std::exception_ptr error) {
    const Turn::Value was = take_turn();
    if (was != Turn::kSuspended) {
      if (was == Turn::kFresh) promise().turn.leave(Turn::kFinished);
      std::rethrow_exception(std::move(error));
    }
    promise().thrown = std::move(error);
    promise().entry = internal::Entry::kThrow;
    return step();
  }
  template <class Error>
    requires(!std::is_convertible_v<Error, std::exception_ptr>)
  Yield throw_(Error&& error) {
    return throw_(std::make_exception_ptr(std::forward<Error>(error)));
  }

  // Ends the body: its co_yield throws GeneratorExit, and whatever else leaves the body comes out.
  // A body that has not begun never begins, one that has ended stays as it is. Throws RuntimeError
  // if the body catches GeneratorExit and yields again; it stays suspended there.
  void close() {
    const Turn::Value was = take_turn();
    if (was == Turn::kFresh) promise().turn.leave(Turn::kFinished);
    if (was != Turn::kSuspended) return;
    promise().entry = internal::Entry::kExit;
    body_.resume();
    const bool ended = body_.done();
    const bool exited = promise().exited;
    const std::exception_ptr error = std::exchange(promise().error, nullptr);
    promise().turn.leave(ended ? Turn::kFinished : Turn::kSuspended);
    if (!ended) throw RuntimeError("Coroutine::close: the body ignored GeneratorExit");
    if (!exited && error != nullptr) std::rethrow_exception(error);
  }

  // Whether the body has ended.
  bool done() const { return body_ == nullptr || promise().turn.value() == Turn::kFinished; }

 private:
  using Body = std::coroutine_handle<promise_type>;
  using Turn = internal::Turn;

  explicit Coroutine(Body body) : body_(body) {}

  promise_type& promise() const { return body_.promise(); }

  Turn::Value take_turn() const {
    if (body_ == nullptr) throw RuntimeError("Coroutine: it was moved away");
    return promise().turn.take("Coroutine: it is executing already");
  }
  Turn::Value take_turn_to_step() const {
    const Turn::Value was = take_turn();
    if (was == Turn::kFinished) throw StopIteration("Coroutine: the body has ended before");
    return was;
  }

  // By the one who has the turn; gives it back.
  Yield step() {
    struct GiveBack {
      Body body;
      ~GiveBack() { body.promise().turn.leave(body.done() ? Turn::kFinished : Turn::kSuspended); }
    } give_back{body_};
    body_.resume();
    if (body_.done()) [[unlikely]]
      promise().throw_end();
    if constexpr (!std::is_void_v<Yield>) return std::forward<Yield>(*promise().yielded);
  }

  void drop() {
    if (body_ == nullptr) return;
    const Turn::Value was = promise().turn.value();
    if (was == Turn::kRunning) {
      std::fputs("weft: a Coroutine is destroyed while it executes\n", stderr);
      std::abort();
    }
    try {
      close();
    } catch (const std::exception& error) {
      std::fprintf(stderr, "weft: a Coroutine was dropped, and closing it threw: %s\n",
                   error.what());
    } catch (...) {
      std::fputs("weft: a Coroutine was dropped, and closing it threw\n", stderr);
    }
    body_.destroy();
  }

  Body body_;  // null after a move
};

}  // namespace weft
