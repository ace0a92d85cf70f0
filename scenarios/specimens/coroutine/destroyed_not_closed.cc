// A coroutine's frame is destroyed where it should be closed: destructors run, and no handler does,
// so the body does not say that it is done.
#include <coroutine>
#include <exception>

#include "scenarios/specimens/coroutine/coroutine.h"
#include "scenarios/specimens/coroutine/pipeline.h"

namespace weft::scenarios::specimens::coroutine {
namespace {

// A coroutine as the language has it, with close() as its writer would spell it.
class BareCoroutine {
 public:
  struct promise_type {
    BareCoroutine get_return_object() {
      return BareCoroutine(std::coroutine_handle<promise_type>::from_promise(*this));
    }
    std::suspend_always initial_suspend() const noexcept { return {}; }
    std::suspend_always final_suspend() const noexcept { return {}; }
    void return_void() const noexcept {}
    void unhandled_exception() const { std::terminate(); }
    struct Nothing {};
    std::suspend_always yield_value(Nothing) const noexcept { return {}; }
  };

  explicit BareCoroutine(std::coroutine_handle<promise_type> frame) : frame_(frame) {}
  BareCoroutine(const BareCoroutine&) = delete;
  BareCoroutine& operator=(const BareCoroutine&) = delete;
  ~BareCoroutine() { close(); }
  void next() { frame_.resume(); }
  void close() {
    if (frame_) frame_.destroy();
    frame_ = nullptr;
  }

 private:
  std::coroutine_handle<promise_type> frame_;
};

template <class AnyCoroutine>
AnyCoroutine says_its_end(std::string& notes) {
  try {
    for (;;) {
      notes += '1';
      co_yield {};
    }
  } catch (const GeneratorExit&) {
    notes += '!';
  }
}

template <class AnyCoroutine>
std::string step_and_close() {
  std::string notes;
  AnyCoroutine stage = says_its_end<AnyCoroutine>(notes);
  stage.next();
  stage.close();
  return unless_noted("1!", notes);
}

}  // namespace

constinit const Specimen kDestroyedNotClosed{
    .row = "002-7a",
    .name = "coroutine/destroyed_not_closed",
    .mistake = "a frame is destroyed in place of being resumed with GeneratorExit",
    .kind = kind::kAssertion,
    .body = step_and_close<BareCoroutine>,
    .mended = step_and_close<Coroutine<>>,
};

}  // namespace weft::scenarios::specimens::coroutine
