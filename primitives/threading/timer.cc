#include "primitives/threading/timer.h"

#include <cstdio>
#include <cstdlib>
#include <utility>

namespace weft {

using internal::MutexLock;

Timer::Timer(std::function<void()> function, std::chrono::duration<long double> interval)
    : interval_(interval),
      function_(std::move(function)),
      thread_(Thread::Options{.name = "Timer", .daemon = false}, [this] { fire_later(); }) {
  (void)Deadline::after(interval_);  // refuses NaN now
}

Timer::~Timer() {
  if (cancel() != CancelResult::kRunning || Thread::current() != &thread_) return;
  std::fputs(
      "weft: a Timer is destroyed by its own function, for which it would have to wait: let "
      "another thread do it\n",
      stderr);
  std::abort();
}

void Timer::start() { thread_.start(); }

void Timer::join() { thread_.join(); }

CancelResult Timer::cancel() {
  MutexLock hold(mutex_);
  switch (phase_) {
    case Phase::kRunning:
      return CancelResult::kRunning;
    case Phase::kDone:
      return CancelResult::kTooLate;
    default:
      phase_ = Phase::kCancelled;
      sleeper_.notify_all();
      return CancelResult::kCancelled;
  }
}

void Timer::fire_later() {
  const Deadline deadline = Deadline::after(interval_);
  {
    MutexLock hold(mutex_);
    if (phase_ == Phase::kPending && !deadline.has_passed()) sleeper_.wait(mutex_, deadline);
    if (phase_ == Phase::kCancelled) return;
    phase_ = Phase::kRunning;
  }
  // Done also if the function throws: the thread's hook gets the exception.
  struct Finish {
    Timer& timer;
    ~Finish() {
      MutexLock hold(timer.mutex_);
      timer.phase_ = Phase::kDone;
    }
  } finish{*this};
  function_();
}

}  // namespace weft
