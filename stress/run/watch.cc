#include "stress/run/watch.h"

#include <algorithm>

namespace weft::internal {
namespace {

// A look at who lives costs some ten microseconds, every 50 ms at the end; the first ones come
// quicker, one after the other.
constexpr double kHardly = 0.01;
constexpr Seconds kFirstLooks{0.002};

// Two that take turns on shared memory, and are starved of processors, are now and then both found
// asleep, because a sample takes its time. Those who wait for ever are so nearly always.
constexpr double kMostly = 0.25;

bool is_asleep(const Task& task) { return task.state == 'S' || task.state == 'T'; }

}  // namespace

Watch::Watch(Seconds hang_after, Seconds livelock_after)
    : hang_after_(hang_after),
      livelock_after_(livelock_after),
      // Some twenty samples within a hang; bounded so that the end of a search is seen soon.
      period_(std::clamp(hang_after / 20, Seconds(0.002), Seconds(0.05))) {}

bool Watch::still_waits(const Task& first, const Task& last, const Task& now) const {
  if (!now.same_thread(first)) return false;
  if (!first.wait || first.ran_ns == 0) {
    return is_asleep(last) && is_asleep(now) && now.switches == last.switches;
  }
  // One that is awake may be looking who lives. Where it sleeps next will tell.
  if (is_asleep(now) && now.wait != first.wait) return false;
  const Seconds ran{1e-9 * static_cast<double>(now.ran_ns - first.ran_ns)};
  return ran <= kFirstLooks + kHardly * quiet_;
}

bool Watch::nothing_new(const std::vector<Task>& tasks) const {
  if (tasks.empty() || tasks.size() != first_.size()) return false;
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    if (!still_waits(first_[i], last_[i], tasks[i])) return false;
  }
  return true;
}

Watch::Finding Watch::observe(Seconds step, std::uint64_t execution,
                              const std::vector<Task>& tasks) {
  if (execution != execution_) {
    execution_ = execution;
    running_ = quiet_ = asleep_ = Seconds(0);
    first_.clear();
    last_.clear();
    return Finding::kNothing;
  }
  step = std::min(step, 2 * period_);
  running_ += step;
  quiet_ += step;
  if (!nothing_new(tasks)) {
    first_ = tasks;
    quiet_ = asleep_ = Seconds(0);
  } else if (std::all_of(tasks.begin(), tasks.end(), is_asleep)) {
    asleep_ += step;
  }
  last_ = tasks;
  // Those who came to sleep late, on a busy machine, are given the time to be told as a hang.
  const bool seems_hung = asleep_ > Seconds(0) && asleep_ >= kMostly * quiet_;
  if (seems_hung) return asleep_ >= hang_after_ ? Finding::kHang : Finding::kNothing;
  return running_ >= livelock_after_ ? Finding::kLivelock : Finding::kNothing;
}

}  // namespace weft::internal
