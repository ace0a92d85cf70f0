#include "stress/report/rows.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string_view>

#include "stress/report/words.h"

namespace weft::report {
namespace {

bool is_hook(const Step& step) {
  return is_one_of(step.operation, {"waiting", "acquired", "released", "notified"});
}

// --- Calls -------------------------------------------------------------------

bool is_of_atomics(const Step& step) {
  return is_access(step) || step.operation.starts_with("futex_") || is_hook(step) ||
         is_one_of(step.operation, {"yield", "fence", "violation"});
}

// The call in the tested code in which a step is made, and the name by which it is shown.
struct Call {
  std::vector<unsigned> stack;  // from the call outward
  std::string label;            // empty: show each step by itself
  bool names_numbered = false;  // its object is worth naming even if only by a number
};

constexpr std::string_view kExpectation = "an expectation fails";

Call call_of(const Step& step, const Finding& finding) {
  if (step.place == 0 || step.place >= step.stack.size()) return {};
  const auto frame = [&](unsigned at) -> const Frame& { return finding.frames[step.stack[at]]; };
  const std::vector<unsigned> stack(step.stack.begin() + step.place - 1, step.stack.end());
  const Frame& called = frame(step.place - 1);
  if (called.file.find("googletest/") != called.file.npos) {
    const bool asserts = called.function.find("AssertHelper") != called.function.npos;
    return {{step.stack.begin() + step.place, step.stack.end()},
            asserts ? std::string(kExpectation) : "GoogleTest",
            false};
  }
  for (unsigned at = step.place; at-- > 0;) {
    if (frame(at).role == Role::kPrimitive) return {stack, short_name(frame(at).function), false};
  }
  const bool is_atomic =
      called.file.ends_with("/atomic") || called.file.ends_with("/atomic_base.h");
  if (is_atomic || called.role != Role::kLibrary || !is_of_atomics(step)) return {};
  return {stack, short_name(called.function), true};
}

// The call in which a thread was when it made its last row.
struct LastCall {
  std::vector<unsigned> stack;
  std::size_t row = 0;
  std::string object;
};

// What a call is about: what its hooks say; else what has a name.
std::string object_of_call(const Finding& finding, const Call& call, std::size_t begin,
                           std::size_t end) {
  if (call.label == kExpectation || call.label == "GoogleTest") return "";
  for (std::size_t i = begin; i < end; ++i) {
    const Step& step = finding.steps[i];
    if (is_hook(step)) return object_text(step.object, finding);
  }
  for (std::size_t i = begin; i < end; ++i) {
    const Step& step = finding.steps[i];
    if (!step.object) continue;
    if (call.names_numbered || finding.objects[*step.object].naming != Naming::kNumber) {
      return object_text(step.object, finding);
    }
  }
  return "";
}

void put_place(Row& row, const Step& step, const Finding& finding) {
  const Frame* const frame = tested_frame(step, finding);
  if (frame == nullptr) return;
  row.where = where(*frame);
  row.source = frame->source;
}

void put_marks(Row& row, const Step& step, const Finding& finding) {
  if (step.blocked && step.operation != "sleep") {
    if (step.operation == "join") {
      row.marks.push_back(step.other ? "waits for its end" : "waits for their ends");
    } else if (step.other) {
      row.marks.push_back("waits, held by " + thread_text(step.other, finding));
    } else {
      row.marks.push_back("waits");
    }
  }
}

// Whether `later` is where the thread begins to wait in the operation that `step` told.
bool waits_in(const Step& step, const Step& later) {
  return later.blocked && !step.blocked && later.thread == step.thread &&
         later.operation != "join" && later.operation != "input" &&
         later.operation == step.operation && later.stack == step.stack;
}

// Whether the step is the lock for which its thread began to wait in its step before.
bool ends_wait(const Finding& finding, std::size_t number) {
  const Step& step = finding.steps[number];
  if (step.blocked || !step.operation.starts_with("lock")) return false;
  while (number-- > 0) {
    const Step& before = finding.steps[number];
    if (before.thread == step.thread) {
      return before.blocked && before.operation == step.operation && before.object == step.object;
    }
  }
  return false;
}

Row row_of_steps(const Finding& finding, const Call& call, std::size_t begin, std::size_t end,
                 LastCall* before) {
  Row row;
  const Step& first = finding.steps[begin];
  row.thread = first.thread;
  row.step = begin;
  row.end = end;
  put_place(row, first, finding);
  std::size_t told = 0;  // that are steps, not hooks, nor the beginning of a wait
  std::size_t one = begin;
  for (std::size_t i = begin; i < end; ++i) {
    const Step& step = finding.steps[i];
    put_marks(row, step, finding);
    if (step.timed_out && !call.label.empty()) row.marks.push_back("time is up");
    if (is_hook(step) || (i > begin && waits_in(finding.steps[i - 1], step))) continue;
    ++told;
    one = i;
  }
  if (call.label.empty()) {
    const Step& step = finding.steps[one];
    row.text = ends_wait(finding, one) ? "got " + object_text(step.object, finding)
                                       : in_words(step, finding);
    return row;
  }
  if (told == 1 && call.names_numbered && is_access(finding.steps[one])) {
    row.text = in_words(finding.steps[one], finding);
    return row;
  }
  std::string object = object_of_call(finding, call, begin, end);
  if (before != nullptr && object.empty()) object = before->object;
  row.text = (before == nullptr ? "" : "... ") + call.label + (object.empty() ? "" : " " + object);
  if (told > 1) row.text += " (" + std::to_string(told) + " steps)";
  return row;
}

// --- Repetitions -------------------------------------------------------------

bool is_same(const Row& a, const Row& b) {
  return a.thread == b.thread && a.text == b.text && a.marks == b.marks && a.where == b.where;
}

// How often the `period` rows from `begin` follow one another.
std::size_t repetitions(const std::vector<Row>& rows, std::size_t begin, std::size_t period) {
  std::size_t at = begin;
  while (at + 2 * period <= rows.size()) {
    bool same = true;
    for (std::size_t i = 0; same && i < period; ++i)
      same = is_same(rows[at + i], rows[at + period + i]);
    if (!same) break;
    at += period;
  }
  return (at - begin) / period + 1;
}

std::vector<Row> without_repetitions(const std::vector<Row>& rows) {
  constexpr std::size_t kLongestPeriod = 12;
  constexpr std::size_t kLeast = 3;
  std::vector<Row> kept;
  for (std::size_t at = 0; at < rows.size();) {
    std::size_t best = 0;
    std::size_t times = 1;
    for (std::size_t period = 1; period <= kLongestPeriod && best == 0; ++period) {
      times = repetitions(rows, at, period);
      if (times >= kLeast) best = period;
    }
    if (best == 0) {
      kept.push_back(rows[at++]);
      continue;
    }
    kept.insert(kept.end(), rows.begin() + static_cast<long>(at),
                rows.begin() + static_cast<long>(at + best));
    kept.back().marks.push_back(best == 1 ? std::to_string(times) + " times"
                                          : "these " + std::to_string(best) + " rows " +
                                                std::to_string(times) + " times");
    at += best * times;
    kept.back().end = rows[at - 1].end;
  }
  return kept;
}

// What threads were about to do when the execution was ended, where no step tells it; and where it
// was ended.
void put_ends(std::vector<Row>& rows, const Finding& finding) {
  for (unsigned i = 0; i < finding.threads.size(); ++i) {
    const Thread& thread = finding.threads[i];
    const auto last = std::find_if(finding.steps.rbegin(), finding.steps.rend(),
                                   [i](const Step& step) { return step.thread == i; });
    const bool is_told = last != finding.steps.rend() && last->blocked;
    if (thread.state != ThreadState::kWaits || is_told) continue;
    Step step;
    step.thread = i;
    step.operation = thread.operation;
    step.object = thread.object;
    step.other = thread.holder;
    step.blocked = true;
    step.stack = thread.stack;
    step.place = tested_place(step.stack, finding);
    Row row;
    row.thread = i;
    row.step = row.end = finding.steps.size();
    row.text = in_words(step, finding);
    put_place(row, step, finding);
    put_marks(row, step, finding);
    rows.push_back(std::move(row));
  }
  if (!finding.thread || ends_in_waiting(finding)) return;
  for (auto row = rows.rbegin(); row != rows.rend(); ++row) {
    if (row->thread != *finding.thread) continue;
    row->marks.push_back(finding.kind == "misuse" ? finding.kind : "then: " + finding.kind);
    return;
  }
}

}  // namespace

Middle middle_of(std::size_t size, std::size_t most) {
  most = std::max<std::size_t>(most, 1);
  if (size <= most) return {};
  const std::size_t first = most / 4;
  return {first, first + size - most};
}

std::vector<Row> rows_of(const Finding& finding) {
  std::vector<Row> rows;
  std::map<unsigned, LastCall> last_calls;
  // Whether the turn was taken from the last row's thread, by the first step of another one since:
  // what is not shown may come in between.
  std::optional<bool> preempted;
  const std::vector<Step>& steps = finding.steps;
  for (std::size_t begin = 0; begin < steps.size();) {
    const Call call = call_of(steps[begin], finding);
    std::size_t end = begin + 1;
    if (call.label.empty()) {
      while (end < steps.size() && waits_in(steps[end - 1], steps[end])) ++end;
    } else {
      while (end < steps.size() && steps[end].thread == steps[begin].thread &&
             call_of(steps[end], finding).stack == call.stack) {
        ++end;
      }
    }
    LastCall& before = last_calls[steps[begin].thread];
    const bool goes_on = !call.label.empty() && before.stack == call.stack;
    if (!preempted && !rows.empty() && rows.back().thread != steps[begin].thread) {
      preempted = steps[begin].preempted;
    }
    const bool is_told = std::any_of(steps.begin() + static_cast<long>(begin),
                                     steps.begin() + static_cast<long>(end),
                                     [](const Step& step) { return !is_hook(step); });
    if (is_told || call.label.empty()) {
      if (goes_on) rows[before.row].text += " ...";
      Row row = row_of_steps(finding, call, begin, end, goes_on ? &before : nullptr);
      row.preempted =
          preempted.value_or(false) && !rows.empty() && rows.back().thread != row.thread;
      rows.push_back(std::move(row));
      preempted.reset();
      if (!goes_on) before.object.clear();
      before.stack = call.label.empty() ? std::vector<unsigned>() : call.stack;
      before.row = rows.size() - 1;
    }
    // A call that begins with a hook names its object there.
    if (!call.label.empty()) {
      const std::string object = object_of_call(finding, call, begin, end);
      if (!object.empty()) before.object = object;
    }
    begin = end;
  }
  rows = without_repetitions(rows);
  put_ends(rows, finding);
  return rows;
}

}  // namespace weft::report
