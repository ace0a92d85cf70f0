// Two threads step one coroutine. It is in one place only, so one of them is refused.
#include <atomic>
#include <exception>
#include <mutex>
#include <optional>

#include "primitives/annotate.h"
#include "primitives/coroutine/coroutine.h"
#include "primitives/threading/lock.h"
#include "scenarios/specimens/coroutine/coroutine.h"
#include "scenarios/specimens/judge.h"
#include "scenarios/together.h"

namespace weft::scenarios::specimens::coroutine {
namespace {

constexpr int kThreads = 2;
constexpr int kSteps = 5;  // of each

Coroutine<> counts(int& steps) {
  for (;;) {
    annotate::point("in the body");
    ++steps;
    co_yield {};
  }
}

template <bool kLocks>
std::string step_together() {
  int steps = 0;
  Coroutine<> coroutine = counts(steps);
  Lock lock;
  Lock error_lock;
  std::exception_ptr error;
  together(kThreads, [&](int) {
    try {
      for (int i = 0; i < kSteps; ++i) {
        std::optional<std::scoped_lock<Lock>> hold;
        if (kLocks) hold.emplace(lock);
        coroutine.next();
      }
    } catch (...) {
      std::scoped_lock hold(error_lock);
      error = std::current_exception();
    }
  });
  if (error != nullptr) std::rethrow_exception(error);
  return unless_equal("number of steps", steps, kThreads * kSteps);
}

}  // namespace

constinit const Specimen kSteppedByTwoThreads{
    .row = "002-4",
    .name = "coroutine/stepped_by_two_threads",
    .mistake =
        "two threads step one coroutine, and nothing keeps one out while the other is inside",
    .kind = kind::kException,
    .body = step_together<false>,
    .mended = step_together<true>,
};

}  // namespace weft::scenarios::specimens::coroutine
