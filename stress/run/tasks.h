// The threads of this process as the kernel sees them, and the judgement "nobody will ever run".
//
// Thread safety: tasks_now() from any thread; a Watch from one.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "stress/run/options.h"

namespace weft::internal {

struct Task {
  int tid = 0;
  std::uint64_t start_time = 0;  // with tid: identifies a thread although ids are reused
  char state = '?';              // as in proc(5)
  std::uint64_t switches = 0;    // voluntary and involuntary context switches so far
  std::string name;

  bool same_thread(const Task& other) const {
    return tid == other.tid && start_time == other.start_time;
  }
};

// Makes ThreadSanitizer start the thread it works with, if there is to be one. It does so when the
// process, or a forked child, makes its first thread; it must not look like one of an execution.
void start_sanitizer_threads();

std::vector<Task> tasks_now();
// Those that are not in `before`.
std::vector<Task> tasks_since(const std::vector<Task>& before);
std::string state_in_words(char state);

// Judges samples of an execution's threads. It hears of time in steps, each counted at most twice
// the period, so that a machine that was suspended or starved raises no alarm.
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
  const Seconds hang_after_;
  const Seconds livelock_after_;
  const Seconds period_;
  std::uint64_t execution_ = ~std::uint64_t{0};
  Seconds running_{0};
  Seconds asleep_{0};
  std::vector<Task> last_;
};

}  // namespace weft::internal
