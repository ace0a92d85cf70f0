#include "stress/report/timeline.h"

#include <algorithm>
#include <utility>

#include "stress/report/holdings.h"
#include "stress/report/words.h"

namespace weft::report {
namespace {

// --- Who holds what ----------------------------------------------------------

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
