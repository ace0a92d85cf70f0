// A clock for a Scheduler that goes on when the scheduler waits, and when the test says so.
// Thread safety: every function from any thread.
#pragma once

#include <atomic>
#include <cstdint>

#include "primitives/sched/scheduler.h"

namespace weft::testing_sched {

class FakeClock {
 public:
  using TimePoint = Scheduler::TimePoint;
  using Duration = Scheduler::Duration;

  TimePoint now() const { return at(now_.load()); }
  void advance(Duration by) { now_.fetch_add(by.count()); }

  static TimePoint at(std::int64_t nanoseconds) { return TimePoint(Duration(nanoseconds)); }

  Scheduler::TimeFunction time() {
    return [this] { return now(); };
  }
  Scheduler::DelayFunction delay() {
    return [this](Duration by) { advance(by); };
  }

 private:
  std::atomic<std::int64_t> now_{0};
};

}  // namespace weft::testing_sched
