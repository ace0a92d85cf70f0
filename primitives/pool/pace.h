// Pace: how long a worker that is quicker than those who submit leaves the shared deque alone.
//
// A worker that takes each task as soon as it is there does so at the price of both threads: for
// each task the lines with the task and with the end of the deque go from the submitter to the
// worker and back, and both wait for them. The same tasks cost a fraction of that if the submitter
// writes some in peace, which the worker then takes at once.
//
// So a worker notes what it finds when it has begun all tasks that it knew of. Was it few tasks
// each time, kManyTimes in a row, it pauses before it looks again, twice as long each time, until
// it finds enough. One look that finds nothing ends that: tasks that come one at a time, as those
// of a thread that waits for each result, are taken at once.
//
// Thread safety: a Pace belongs to one worker.
// Invariants:     (I1) A pause is kMostPauses of the processor's at most, about a microsecond, and
//                      comes only after kManyTimes looks of which each found a task. So a worker
//                      whose tasks come faster than it runs them does not pause, and a task waits
//                      for a pause only behind others that came as fast as they ran.
//                 (I2) Where nobody may spin (base/spin.h) it never pauses.
// Memory ordering: none.
#pragma once

#include <cstddef>
#include <cstdint>

#include "primitives/base/spin.h"

namespace weft::internal {

class Pace {
 public:
  static constexpr std::uint32_t kMostPauses = 31;
  static constexpr std::uint32_t kManyTimes = 8;
  // So few tasks at once are not worth the lines that they lie on, and so many would have been
  // there sooner.
  static constexpr std::size_t kFew = 16;
  static constexpr std::size_t kMany = 64;

  // Before a look.
  void keep() const {
    if (pauses_ != 0 && may_spin()) SpinPauses(pauses_, pauses_).next();
  }
  // The look found so many tasks; 0 ends the pauses.
  void found(std::size_t tasks) {
    if (tasks == 0) {
      times_ = pauses_ = 0;
    } else if (tasks > kMany) {
      pauses_ /= 2;
    } else if (tasks < kFew && ++times_ >= kManyTimes && pauses_ < kMostPauses) {
      pauses_ = 2 * pauses_ + 1;
    }
  }

  std::uint32_t pauses() const { return pauses_; }

 private:
  std::uint32_t times_ = 0;  // that it found few tasks, since it found none
  std::uint32_t pauses_ = 0;
};

}  // namespace weft::internal
