#include "stress/report/timeline.h"

#include <algorithm>
#include <utility>

#include "stress/report/words.h"

namespace weft::report {
namespace {

// --- Who holds what ----------------------------------------------------------

// Takings of one lock by one thread; a recursive one is taken more than once.
struct Taken {
  unsigned thread;
  unsigned object;
  unsigned times;
};

class Holdings {
 public:
  void apply(const Step& step, const Finding& finding) {
    if (!step.object || step.blocked) return;
    const bool attempt = is_one_of(step.operation, {"try_lock", "try_lock_shared"});
    if (is_one_of(step.operation, {"lock", "lock_shared", "relock"}) || (attempt && !step.failed)) {
      take(step.thread, *step.object);
    } else if (is_one_of(step.operation, {"unlock", "unlock_shared"})) {
      if (!step.failed) release(step.thread, *step.object);
    } else if (step.operation == "wait" && step.second) {
      release(step.thread, *step.second);
    } else if (finding.objects[*step.object].kind != "Semaphore") {  // which no thread holds
      if (step.operation == "acquired") take(step.thread, *step.object);
      if (step.operation == "released") release(step.thread, *step.object);
    }
  }

  const std::vector<Taken>& all() const { return all_; }

 private:
  std::vector<Taken>::iterator find(unsigned thread, unsigned object) {
    return std::find_if(all_.begin(), all_.end(), [&](const Taken& taken) {
      return taken.thread == thread && taken.object == object;
    });
  }
  void take(unsigned thread, unsigned object) {
    const auto taken = find(thread, object);
    taken == all_.end() ? all_.push_back({thread, object, 1}) : void(++taken->times);
  }
  void release(unsigned thread, unsigned object) {
    const auto taken = find(thread, object);
    if (taken != all_.end() && --taken->times == 0) all_.erase(taken);
  }

  std::vector<Taken> all_;
};

std::vector<Hold> holds_over(const std::vector<Taken>& before, const std::vector<Taken>& after) {
  std::vector<Hold> holds;
  for (const Taken& taken : before) holds.push_back({taken.thread, taken.object, true, false});
  for (const Taken& taken : after) {
    const auto same = std::find_if(holds.begin(), holds.end(), [&](const Hold& hold) {
      return hold.thread == taken.thread && hold.object == taken.object;
    });
    if (same != holds.end()) {
      same->after = true;
    } else {
      holds.push_back({taken.thread, taken.object, false, true});
    }
  }
  return holds;
}

// --- Who woke whom -----------------------------------------------------------

bool could_wake(const Step& step, const Step& waiting) {
  if (step.blocked || step.thread == waiting.thread) return false;
  if (waiting.operation == "join") return waiting.other && step.thread == *waiting.other;
  const bool is_theirs = step.object == waiting.object || step.second == waiting.object;
  return waiting.object && is_theirs &&
         is_one_of(step.operation,
                   {"unlock", "unlock_shared", "released", "notify_one", "notify_all", "sem_post",
                    "futex_wake", "barrier_wait", "wait", "once"});
}

// Of each step that is the first after a wait, the one that ended the wait.
std::vector<std::optional<std::size_t>> wakers(const Finding& finding) {
  const std::vector<Step>& steps = finding.steps;
  std::vector<std::optional<std::size_t>> result(steps.size());
  std::vector<std::optional<std::size_t>> last(finding.threads.size());
  for (std::size_t i = 0; i < steps.size(); ++i) {
    std::optional<std::size_t>& mine = last[steps[i].thread];
    const std::optional<std::size_t> before = std::exchange(mine, i);
    if (!before || !steps[*before].blocked || steps[i].timed_out || steps[i].spurious) continue;
    for (std::size_t at = i; --at > *before;) {
      if (!could_wake(steps[at], steps[*before])) continue;
      result[i] = at;
      break;
    }
  }
  return result;
}

// --- Who lives ---------------------------------------------------------------

std::vector<std::size_t> last_steps(const Finding& finding) {
  std::vector<std::size_t> last(finding.threads.size(), 0);
  for (std::size_t i = 0; i < finding.steps.size(); ++i) last[finding.steps[i].thread] = i;
  return last;
}

}  // namespace

std::vector<Moment> timeline_of(const Finding& finding) {
  const std::vector<std::size_t> last = last_steps(finding);
  const auto woken_by = wakers(finding);
  std::vector<Life> lives(finding.threads.size(), Life::kNotYet);
  if (!lives.empty()) lives[0] = Life::kRuns;
  Holdings holdings;
  std::vector<Moment> moments;
  std::vector<Row> rows = rows_of(finding);
  std::size_t step = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    Moment moment;
    moment.begin = step;
    moment.end = i + 1 == rows.size() ? finding.steps.size() : std::max(rows[i].end, step);
    const std::vector<Taken> before = holdings.all();
    for (; step < moment.end; ++step) {
      const Step& each = finding.steps[step];
      holdings.apply(each, finding);
      lives[each.thread] = each.blocked ? Life::kWaits : Life::kRuns;
      if (each.operation == "start" && each.other) lives[*each.other] = Life::kRuns;
      const bool ends = finding.threads[each.thread].state == ThreadState::kEnded;
      if (ends && last[each.thread] == step) lives[each.thread] = Life::kEnded;
      const bool is_own = each.thread == rows[i].thread && step >= rows[i].step;
      if (is_own && woken_by[step] && !moment.woken_by) moment.woken_by = woken_by[step];
    }
    if (rows[i].step >= finding.steps.size()) lives[rows[i].thread] = Life::kWaits;
    moment.lives = lives;
    moment.holds = holds_over(before, holdings.all());
    moment.row = std::move(rows[i]);
    moments.push_back(std::move(moment));
  }
  return moments;
}

}  // namespace weft::report
