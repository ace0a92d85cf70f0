// Spinning: how long a thread looks for what it waits for before it goes to sleep.
//
// A thread that was put to sleep costs its waker a system call and starts microseconds later, tens
// of them if its processor has stopped meanwhile. So it is worth to look for about as long, and no
// longer; and only while a processor is left over for the threads that would bring what is waited
// for. While the process has one processor (base/processors.h) nobody spins: what is waited for
// cannot come meanwhile, and a kernel that lets the spinning thread use up its slice delays it by
// all of that.
//
// Thread safety: AwakeWorkers and spare_processor() from any thread; one SpinBudget, one thread.
// Invariants:     (I1) A budget lies between kLeast and kMost looks, so an idle thread sleeps after
//                      some 100 microseconds whatever happened before, and soon after a few ones
//                      when spinning did not pay.
//                 (I2) Where nobody may spin (base/spin.h) one look is all, and no clock is asked.
// Memory ordering: none.
#pragma once

#include <chrono>
#include <cstddef>

#include "primitives/base/spin.h"

namespace weft::internal {

// How many workers of all pools are not asleep, roughly.
class AwakeWorkers {
 public:
  static void add_one();
  static void remove_one();
};

// Whether a processor is left over beside the workers that are awake, and so many other threads.
bool spare_processor(std::size_t others = 0);
// Whether those that are awake could have a processor each.
bool enough_processors();

class SpinBudget {
 public:
  // At least one.
  std::size_t looks() const { return !may_spin() ? 1 : spare_processor() ? looks_ : kLeast; }

  // It came while this thread looked.
  void found() { grow(); }
  // It did not, and this thread slept for so long.
  void slept(std::chrono::nanoseconds duration) {
    if (duration < kShortSleep) {
      grow();
    } else {
      looks_ = looks_ / 2 > kLeast ? looks_ / 2 : kLeast;
    }
  }

 private:
  static constexpr std::size_t kLeast = 8;
  static constexpr std::size_t kMost = 256;
  // A sleep that was no longer could have been spared: the other side had to wake this thread, and
  // was perhaps asleep itself.
  static constexpr std::chrono::nanoseconds kShortSleep = std::chrono::microseconds(200);

  void grow() { looks_ = 2 * looks_ < kMost ? 2 * looks_ : kMost; }

  std::size_t looks_ = kMost;
};

// The budget of the calling thread, for waits that are nobody's in particular.
SpinBudget& this_threads_budget();

// A sleep while it lives, from which a budget learns.
class SleepForBudget {
 public:
  explicit SleepForBudget(SpinBudget& budget) : budget_(budget), learns_(may_spin()) {
    if (learns_) begin_ = Clock::now();
  }
  ~SleepForBudget() {
    if (learns_) budget_.slept(Clock::now() - begin_);
  }
  SleepForBudget(const SleepForBudget&) = delete;
  SleepForBudget& operator=(const SleepForBudget&) = delete;

 private:
  using Clock = std::chrono::steady_clock;

  SpinBudget& budget_;
  const bool learns_;
  Clock::time_point begin_;
};

// Looks for as long as it is worth; true if it came. The first look is at once, and no pause
// follows the last one.
template <class Come>
bool spin_for(SpinBudget& budget, const Come& come) {
  SpinPauses pauses;
  for (std::size_t left = budget.looks();;) {
    if (come()) {
      budget.found();
      return true;
    }
    if (--left == 0) {
      note_vain_wait();
      return false;
    }
    pauses.next();
  }
}

}  // namespace weft::internal
