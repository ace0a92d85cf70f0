// The judgement "nobody will ever run", from what the kernel tells of threads.
//
// An execution is a hang when all its threads, and all those of the processes that they started, do
// nothing but sleep for long enough. What a thread does between two samples is told by its context
// switches: none, and it slept. One that waits on memory that processes share wakes by its time-out
// to see who lives; its switches tell nothing, so it counts as asleep if each sample finds it in
// the same wait, and it has hardly used a processor meanwhile.
//
// Thread safety: one thread.
// Invariants:     (I1) Only a moment at which everybody is asleep ('S', or a stopped process) adds
//                      to a hang. A thread that waits for a processor or a disk is not asleep,
//                      however long it waits.
//                 (I2) While a thread of the execution does anything else than such waiting, the
//                      time of a hang begins anew.
// Non-invariants: that threads that sleep will not go on: one that sleeps, or waits with a
// time-out,
//                 for longer than hang_after looks like one that nobody will wake.
#pragma once

#include <cstdint>
#include <vector>

#include "stress/run/options.h"
#include "stress/run/tasks.h"

namespace weft::internal {

// It hears of time in steps, each counted at most twice the period, so that a machine that was
// suspended or starved raises no alarm.
class Watch {
 public:
  enum class Finding { kNothing, kHang, kLivelock };

  Watch(Seconds hang_after, Seconds livelock_after);

  // How often to sample.
  Seconds period() const { return period_; }
  // `step` after the last call, execution number `execution` runs; `tasks` are its threads. They
  // are asked for only if the execution has not just begun.
  Finding observe(Seconds step, std::uint64_t execution, const std::vector<Task>& tasks);
  // Whether observe() will look at its tasks.
  bool wants_tasks(std::uint64_t execution) const { return execution == execution_; }

 private:
  bool still_waits(const Task& first, const Task& last, const Task& now) const;
  bool nothing_new(const std::vector<Task>& tasks) const;

  const Seconds hang_after_;
  const Seconds livelock_after_;
  const Seconds period_;
  std::uint64_t execution_ = ~std::uint64_t{0};
  Seconds running_{0};
  // Since nothing new was seen: all of the time, and that in which everybody was asleep.
  Seconds quiet_{0};
  Seconds asleep_{0};
  std::vector<Task> first_;  // of the samples since then
  std::vector<Task> last_;
};

}  // namespace weft::internal
