// What the coroutines of the library are compared with: the least that the language needs for each.
// Thread safety: none.
#pragma once

#include <coroutine>
#include <exception>
#include <memory>
#include <utility>

namespace weft::benchmarks {

// A generator that checks nothing.
class BareGenerator {
 public:
  struct promise_type {
    const long* element = nullptr;
    BareGenerator get_return_object() {
      return BareGenerator(std::coroutine_handle<promise_type>::from_promise(*this));
    }
    std::suspend_always initial_suspend() const noexcept { return {}; }
    std::suspend_always final_suspend() const noexcept { return {}; }
    std::suspend_always yield_value(const long& value) noexcept {
      element = std::addressof(value);
      return {};
    }
    void return_void() const noexcept {}
    void unhandled_exception() const { std::terminate(); }
  };

  explicit BareGenerator(std::coroutine_handle<promise_type> frame) : frame_(frame) {}
  BareGenerator(const BareGenerator&) = delete;
  BareGenerator& operator=(const BareGenerator&) = delete;
  ~BareGenerator() { frame_.destroy(); }
  bool advance() {
    frame_.resume();
    return !frame_.done();
  }
  long element() const { return *frame_.promise().element; }

 private:
  std::coroutine_handle<promise_type> frame_;
};

// The same as a class: what somebody writes who has no coroutines, behind a call as a coroutine's
// body is.
class StateMachine {
 public:
  explicit StateMachine(long end) : end_(end) {}
  [[gnu::noinline]] bool advance() { return ++element_ < end_; }
  long element() const { return element_; }

 private:
  long element_ = -1;
  const long end_;
};

// A lazy task whose frame comes from the allocator.
class BareTask {
 public:
  struct promise_type {
    std::coroutine_handle<> awaiter;
    long result = 0;
    struct ToTheAwaiter {
      bool await_ready() const noexcept { return false; }
      std::coroutine_handle<> await_suspend(
          std::coroutine_handle<promise_type> ended) const noexcept {
        return ended.promise().awaiter;
      }
      void await_resume() const noexcept {}
    };
    BareTask get_return_object() {
      return BareTask(std::coroutine_handle<promise_type>::from_promise(*this));
    }
    std::suspend_always initial_suspend() const noexcept { return {}; }
    ToTheAwaiter final_suspend() const noexcept { return {}; }
    void return_value(long value) noexcept { result = value; }
    void unhandled_exception() const { std::terminate(); }
  };

  explicit BareTask(std::coroutine_handle<promise_type> frame) : frame_(frame) {}
  BareTask(BareTask&& other) noexcept : frame_(std::exchange(other.frame_, nullptr)) {}
  ~BareTask() {
    if (frame_) frame_.destroy();
  }
  bool await_ready() const noexcept { return false; }
  std::coroutine_handle<> await_suspend(std::coroutine_handle<> awaiter) noexcept {
    frame_.promise().awaiter = awaiter;
    return frame_;
  }
  long await_resume() const noexcept { return frame_.promise().result; }
  // For the outermost one, which nobody awaits.
  long run() {
    frame_.promise().awaiter = std::noop_coroutine();
    frame_.resume();
    return frame_.promise().result;
  }

 private:
  std::coroutine_handle<promise_type> frame_;
};

}  // namespace weft::benchmarks
