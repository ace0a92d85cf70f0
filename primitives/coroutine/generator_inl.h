// The body's side of a Generator: its promise, and the await that puts another one in its place.
// Included by generator.h alone, which has the invariants.
//
// Thread safety: all of it belongs to whoever has the root's turn.
#pragma once

#include <coroutine>
#include <exception>
#include <memory>
#include <type_traits>
#include <utility>

#include "primitives/base/recycled_memory.h"
#include "primitives/coroutine/generator.h"

namespace weft {

// A co_yield of elements_of(), in the frame of the outer body: owns the inner one.
template <class Yield>
class Generator<Yield>::Elements {
 public:
  // Throws ValueError if somebody has the inner one's turn; then it stays the caller's.
  Elements(promise_type& outer, Generator& inner) : outer_(outer) {
    if (inner.take_turn()) inner_ = std::exchange(inner.body_, nullptr);
  }
  Elements(const Elements&) = delete;
  Elements& operator=(const Elements&) = delete;
  ~Elements() {
    if (inner_ != nullptr) inner_.destroy();
  }

  bool await_ready() const noexcept { return inner_ == nullptr; }
  std::coroutine_handle<> await_suspend(Body outer) noexcept {
    promise_type& inner = inner_.promise();
    const Body innermost = std::exchange(inner.innermost_, inner_);
    // If it was a root before and has inner ones, they get the new root, too.
    inner.outer_ = outer;
    for (Body body = innermost; body != outer; body = body.promise().outer_) {
      body.promise().root_ = outer_.root_;
    }
    outer_.elements_ = this;
    outer_.root_->innermost_ = innermost;
    return innermost;
  }
  void await_resume() {
    if (inner_ != nullptr) inner_.promise().end();
  }

 private:
  friend class Generator;

  promise_type& outer_;
  Body inner_;  // null if it had ended before, or is destroyed
};

template <class Yield>
class Generator<Yield>::promise_type : public internal::Recycled {
  struct ToTheOuter;

 public:
  promise_type() : root_(this), innermost_(Body::from_promise(*this)) {}
  Generator get_return_object() { return Generator(Body::from_promise(*this)); }
  std::suspend_always initial_suspend() const noexcept { return {}; }
  ToTheOuter final_suspend() const noexcept { return {}; }
  void return_void() const noexcept {}
  void unhandled_exception() { error_ = std::current_exception(); }
  // A generator waits for nobody but its caller.
  template <class Any>
  void await_transform(Any&&) = delete;

  std::suspend_always yield_value(std::remove_reference_t<Yield>& element) noexcept {
    element_ = std::addressof(element);
    return {};
  }
  // A temporary lives until the body is resumed.
  std::suspend_always yield_value(std::remove_reference_t<Yield>&& element) noexcept
    requires(!std::is_lvalue_reference_v<Yield>)
  {
    element_ = std::addressof(element);
    return {};
  }
  // What must not be changed is copied, into the body's frame.
  auto yield_value(const Value& element)
    requires(!std::is_reference_v<Yield> && !std::is_const_v<Yield>)
  {
    struct Copy : std::suspend_always {
      Copy(const Value& original, promise_type& to) : copy(original), promise(to) {}
      void await_suspend(std::coroutine_handle<>) noexcept {
        promise.element_ = std::addressof(copy);
      }
      Value copy;
      promise_type& promise;
    };
    return Copy(element, *this);
  }
  Elements yield_value(ElementsOf<Generator> inner) { return Elements(*this, inner.range); }
  template <class Range>
  Elements yield_value(ElementsOf<Range> range) {
    Generator each = each_of<Range>(std::forward<Range>(range.range));
    return Elements(*this, each);
  }

 private:
  friend class Generator;
  friend class Iterator;
  friend class Elements;

  struct ToTheOuter {
    bool await_ready() const noexcept { return false; }
    std::coroutine_handle<> await_suspend(Body ended) const noexcept {
      const promise_type& promise = ended.promise();
      if (promise.outer_ == nullptr) return std::noop_coroutine();
      promise.root_->innermost_ = promise.outer_;
      return promise.outer_;
    }
    void await_resume() const noexcept {}
  };

  template <class Range>
  static Generator each_of(Range&& range) {
    for (auto&& element : range) co_yield std::forward<decltype(element)>(element);
  }

  using Element = std::remove_reference_t<Yield>;

  // Of a root, whose body this is; the next element, or null at the end.
  Element* next(Body body) {
    innermost_.promise().element_ = nullptr;
    innermost_.resume();
    return after_step(body);
  }
  // The same if the root has no element: then an inner one has, or it is misused.
  [[gnu::noinline]] Element* next_of_inner(Body body) {
    if (innermost_.promise().element_ == nullptr) throw_misuse();
    return next(body);
  }
  [[gnu::noinline]] Element* after_step(Body body) {
    if (innermost_ != body) return innermost_.promise().element_;
    if (element_ == nullptr) end();
    return element_;
  }
  [[noreturn, gnu::cold, gnu::noinline]] static void throw_misuse() {
    throw ValueError("Generator: its iterator is advanced by the body itself, or at the end");
  }
  // After the body's end.
  [[gnu::cold, gnu::noinline]] void end() {
    if (error_ != nullptr) std::rethrow_exception(std::exchange(error_, nullptr));
  }

  Element* element_ = nullptr;    // null unless it is the innermost and suspended at a co_yield
  promise_type* root_;            // itself, if no other one is around it
  Body innermost_;                // of a root
  Body outer_;                    // null for a root
  Elements* elements_ = nullptr;  // of an inner one's outer
  std::exception_ptr error_;
  internal::Turn turn_;
};

}  // namespace weft
