// Generator<Yield>: a function that yields its results one after the other, as an input range.
//
//   Generator<int> count_down(int from) {
//     while (from > 0) co_yield from--;
//   }
//   for (int i : count_down(3)) ...
//
// A loop that ends early leaves the generator where it is, and the next loop, or next(), goes on
// behind the element that the first one had. Dropping the generator ends its body: destructors run,
// handlers do not (a Coroutine's can). An exception that leaves the body comes out of begin(), ++
// or next(), and ends it. `co_yield elements_of(another)` yields all that another one does, as a
// recursion does at each of its levels (elements_of.h).
//
// Arguments are the body's own if it takes them by value. A lambda's captures are not: they live in
// the lambda, which must outlive the generator; give it parameters instead.
//
// Thread safety: begin() and next() from any thread: while one thread is inside, or holds an
// iterator, they throw ValueError in all others, and in the body itself. An iterator belongs to one
// thread. Whatever one did is visible to the next that is let in. Destroy the generator after its
// iterators: it ends the program with a message otherwise.
// Invariants:
//   (I1) Resuming allocates nothing, and costs an iterator no atomic read-modify-write: begin() has
//        taken the turn for all its steps.
//   (I2) Of the bodies one in the other, the root is the one that has the iterator and the element,
//        and knows the innermost; each knows the root and the one around it. Only the innermost is
//        resumed. An inner one has its turn taken until it ends.
//   (I3) Dropping the root destroys them from the innermost outwards, by a loop.
#pragma once

#include <coroutine>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <iterator>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

#include "primitives/base/errors.h"
#include "primitives/base/recycled_memory.h"
#include "primitives/coroutine/elements_of.h"
#include "primitives/coroutine/turn.h"

namespace weft {

template <class Yield>
class [[nodiscard]] Generator {
 public:
  class promise_type;
  class Iterator;
  using Value = std::remove_cvref_t<Yield>;
  using Reference = Yield&;  // Yield itself if that is a reference

  Generator(Generator&& other) noexcept : body_(std::exchange(other.body_, nullptr)) {}
  Generator& operator=(Generator&& other) noexcept {
    if (this != &other) {
      end_body();
      body_ = std::exchange(other.body_, nullptr);
    }
    return *this;
  }
  ~Generator() { end_body(); }

  // Resumes the body up to its next element. The end, if the body has ended before.
  Iterator begin() { return Iterator(take_turn() ? body_ : nullptr); }
  std::default_sentinel_t end() const { return std::default_sentinel; }

  // A copy of the next element, which is moved if it cannot be copied; nothing once the body has
  // ended.
  std::optional<Value> next() {
    Iterator it = begin();
    if (it == end()) return std::nullopt;
    if constexpr (std::is_copy_constructible_v<Value>) {
      return std::optional<Value>(*it);
    } else {
      return std::optional<Value>(std::move(*it));
    }
  }

 private:
  using Body = std::coroutine_handle<promise_type>;
  class Elements;

  explicit Generator(Body body) : body_(body) {}

  bool take_turn() const {
    return body_ != nullptr &&
           body_.promise().turn_.take("Generator: it is executing, or an iterator of it lives") !=
               internal::Turn::kFinished;
  }
  void end_body() {
    if (body_ == nullptr) return;
    if (body_.promise().turn_.value() == internal::Turn::kRunning) {
      std::fputs("weft: a Generator is destroyed while it executes or an iterator of it lives\n",
                 stderr);
      std::abort();
    }
    for (Body body = body_.promise().innermost_; body != body_;) {
      const Body outer = body.promise().outer_;
      outer.promise().elements_->inner_ = nullptr;
      body.destroy();
      body = outer;
    }
    body_.destroy();
  }

  Body body_;  // null after a move
};

// An input iterator that is moved and not copied. Invariant: while it lives and is not at the end,
// it has the turn, and the body is suspended at a co_yield or executes for it.
template <class Yield>
class Generator<Yield>::Iterator {
 public:
  using value_type = Value;
  using difference_type = std::ptrdiff_t;

  Iterator(Iterator&& other) noexcept
      : body_(std::exchange(other.body_, nullptr)),
        element_(std::exchange(other.element_, nullptr)) {}
  Iterator& operator=(Iterator&& other) noexcept {
    std::swap(body_, other.body_);
    std::swap(element_, other.element_);
    return *this;
  }
  ~Iterator() { leave(); }

  Reference operator*() const noexcept { return *element_; }
  Iterator& operator++() {
    promise_type& promise = body_.promise();
    element_ = nullptr;
    if (std::exchange(promise.element_, nullptr) == nullptr) [[unlikely]] {
      element_ = promise.next_of_inner(body_);
      return *this;
    }
    body_.resume();
    element_ = promise.element_;
    if (element_ == nullptr) [[unlikely]]
      element_ = promise.after_step(body_);
    return *this;
  }
  void operator++(int) { ++*this; }

  friend bool operator==(const Iterator& it, std::default_sentinel_t) noexcept {
    return it.element_ == nullptr;
  }

 private:
  friend class Generator;

  // Takes over the turn of the caller, who has it unless `body` is null.
  explicit Iterator(Body body) : body_(body) {
    if (body == nullptr) return;
    try {
      element_ = body.promise().next(body);
    } catch (...) {
      leave();
      throw;
    }
  }

  void leave() {
    if (body_ == nullptr) return;
    const bool ended = body_.done();
    body_.promise().turn_.leave(ended ? internal::Turn::kFinished : internal::Turn::kSuspended);
  }

  Body body_;
  std::remove_reference_t<Yield>* element_ = nullptr;  // null at the end
};

}  // namespace weft

#include "primitives/coroutine/generator_inl.h"
