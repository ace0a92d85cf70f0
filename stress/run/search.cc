#include "stress/run/search.h"

#include <cxxabi.h>
#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>

#include "stress/run/execution.h"
#include "stress/run/futex.h"
#include "stress/run/hang_report.h"
#include "stress/run/isolate.h"
#include "stress/run/perturb.h"
#include "stress/run/process.h"
#include "stress/run/progress.h"
#include "stress/run/replay.h"
#include "stress/run/seeds.h"
#include "stress/run/tasks.h"
#include "stress/run/thread_sanitizer.h"
#include "stress/run/watch.h"

// Of AddressSanitizer's interface; null in other builds.
extern "C" __attribute__((weak)) int __asan_report_present();

namespace weft {
namespace internal {
namespace {

using Clock = std::chrono::steady_clock;

// What the searching thread and the watching one share. Whoever is left behind by a hang keeps it
// alive.
struct Search {
  // The searching thread goes kJudging -> kRunning -> kJudging ... -> kFinished; the watching one
  // may turn kRunning into kAbandoned. `execution` and `report` belong to the searching thread
  // except in kRunning, when they are nobody's, and to the watching one after the last two.
  enum State : unsigned { kRunning, kJudging, kFinished, kAbandoned };

  std::string name;
  Body body;
  Options options;
  std::optional<Kind> wanted;
  Clock::time_point begin;
  Clock::time_point end;
  Progress* progress = nullptr;  // of an isolated search, else null

  std::atomic<unsigned> state{kJudging};
  std::atomic<std::uint64_t> begun{0};  // executions
  Notice notice;
  std::uint64_t reports_seen = 0;  // of ThreadSanitizer
  std::shared_ptr<Execution> execution;
  Report report;
};

void take_over(Search& search, Execution& execution, std::vector<Violation> violations) {
  for (Violation& violation : violations) {
    const bool is_first = !search.report.violation;
    const bool is_wanted = search.wanted == violation.kind;
    const bool replaces = is_wanted && !is_first && search.report.violation->kind != *search.wanted;
    violation.events = execution.events();
    if (!is_first && !replaces) {
      const auto same = [&](const Violation& v) { return v.kind == violation.kind; };
      if (search.report.violation->kind != violation.kind &&
          std::none_of(search.report.also.begin(), search.report.also.end(), same)) {
        search.report.also.push_back(std::move(violation));
      }
      continue;
    }
    if (replaces) search.report.also.push_back(std::move(*search.report.violation));
    search.report.violation = std::move(violation);
    search.report.seed = execution.seed();
    search.report.execution = execution.number();
    search.report.mode = mode_name(execution.mode());
  }
}

// A race explains the false property that came of it: it goes first.
std::vector<Violation> violations_of(Search& search) {
  auto violations = claim_thread_sanitizer_reports(search.reports_seen);
  for (Violation& other : search.execution->take_violations()) {
    violations.push_back(std::move(other));
  }
  return violations;
}

bool is_over(const Search& search) {
  if (!search.report.violation) return false;
  return !search.wanted || search.report.violation->kind == *search.wanted;
}

void run_body(const Search& search, Execution& execution) {
  Run run(execution);
  bool returned = false;
  try {
    search.body(run);
    returned = true;
  } catch (const abi::__forced_unwind&) {
    throw;  // pthread_exit()
  } catch (...) {
    execution.record(Kind::kException, describe_current_exception() + " left the body");
  }
  run.body_ended(returned);
}

void begin_execution(Search& search, std::uint64_t number, std::uint64_t seed) {
  const unsigned mode = mode_of(seed, search.options.perturb);
  search.execution = std::make_shared<Execution>(seed, number, mode);
  search.notice.seed.store(seed);
  search.notice.execution.store(number);
  search.begun.store(number + 1);
  if (search.progress != nullptr) {
    search.progress->seed.store(seed);
    search.progress->executions.store(number + 1);
  }
  search.state.store(Search::kRunning);
}

void execute(const Search& search, Execution& execution) {
  set_current_execution(&execution);
  publish_plan(execution.seed(), execution.mode());
  adopt_plan(0);
  {
    const Pinned pinned(execution.seed(), execution.mode() == kPin);
    run_body(search, execution);
  }
  withdraw_plan();
  set_current_execution(nullptr);
  unmute_this_thread();
}

// The searching thread. Returns when the search has ended, unless it was abandoned.
void run_search(const std::shared_ptr<Search>& search) {
  name_this_thread("body");
  const Seeds seeds(search->options.seed, {0, share_of_shard().total});
  for (std::uint64_t number = 0;; ++number) {
    begin_execution(*search, number, seeds.at(number));
    execute(*search, *search->execution);
    unsigned running = Search::kRunning;
    while (!search->state.compare_exchange_strong(running, Search::kJudging)) pause();
    take_over(*search, *search->execution, violations_of(*search));
    search->report.executions = number + 1;
    if (is_over(*search) || number + 1 >= *search->options.executions ||
        Clock::now() >= search->end) {
      break;
    }
  }
  search->state.store(Search::kFinished);
  futex_wake_all(search->state);
}

void lower_priority(const std::vector<int>& tids) {
  // A thread that spins for ever shall at least not slow down the tests that follow.
  for (int tid : tids) {
    const sched_param parameters{};
    sched_setscheduler(tid, SCHED_IDLE, &parameters);
  }
}

std::string stuck_in_words(Watch::Finding finding, const Options& options,
                           const std::vector<ThreadDump>& threads, std::size_t others) {
  char text[160];
  if (finding == Watch::Finding::kHang) {
    const std::string all =
        others == 0 ? "" : ", and the " + std::to_string(others) + " of child processes,";
    std::snprintf(text, sizeof text, "all %zu threads%s have been asleep for %.2g s",
                  threads.size(), all.c_str(), options.hang_after.count());
  } else {
    std::snprintf(text, sizeof text, "the execution has not ended after %.3g s, though threads run",
                  options.livelock_after.count());
  }
  const std::string waits = waits_in_words(threads);
  return waits.empty() ? text : text + (": " + waits);
}

// Describes the execution that is stuck and leaves its threads behind, and those of its processes.
// False if it ended meanwhile.
bool abandon(Search& search, Watch::Finding finding, std::vector<Task> tasks) {
  unsigned running = Search::kRunning;
  if (!search.state.compare_exchange_strong(running, Search::kAbandoned)) return false;
  leave_behind(tasks);
  const std::size_t others =
      std::erase_if(tasks, [](const Task& task) { return task.pid != getpid(); });
  std::vector<int> tids;
  for (const Task& task : tasks) tids.push_back(task.tid);
  Violation stuck;
  stuck.kind = finding == Watch::Finding::kHang ? Kind::kHang : Kind::kLivelock;
  search.execution->close_gate();
  stuck.threads = dumps_of(tasks);
  stuck.text = stuck_in_words(finding, search.options, stuck.threads, others);
  park(tids);
  lower_priority(tids);
  note_abandoned(tids);
  withdraw_plan();
  set_current_execution(nullptr);
  auto violations = violations_of(search);
  violations.push_back(std::move(stuck));
  take_over(search, *search.execution, std::move(violations));
  search.report.executions = search.begun.load();
  return true;
}

// Bazel's time is up: says where everybody is, and ends.
[[noreturn]] void report_termination(const Search& search, const std::vector<Task>& before) {
  Report report;
  report.name = search.name;
  report.verdict = Verdict::kViolated;
  report.violation.emplace();
  report.violation->threads = dumps_of(tasks_since(before));
  report.executions = search.begun.load();
  report.seconds = Seconds(Clock::now() - search.begin).count();
  report.seed = search.notice.seed.load();
  report.execution = search.notice.execution.load();
  report.mode = mode_name(mode_of(report.seed, search.options.perturb));
  report.replay = search.notice.replay.with(report.seed);
  const std::string text = report.text();
  // All but the first line, which names a kind: what it would have been nobody knows.
  std::fprintf(stderr, "weft: SIGTERM during %s, after %.1f s\n%s", report.name.c_str(),
               report.seconds, text.c_str() + text.find('\n') + 1);
  terminate_now();
}

// AddressSanitizer ends the process when it has written its report. Until then all threads may
// sleep, because its symbolizer, another process, takes its time: that is no hang.
bool writes_a_report() { return __asan_report_present != nullptr && __asan_report_present() != 0; }

// Watches until the search has ended or is stuck.
void watch(Search& search, std::thread& searching, const std::vector<Task>& before,
           const TerminationWatch& termination) {
  Watch watch(search.options.hang_after, search.options.livelock_after);
  auto last = Clock::now();
  ProgressLine progress(search.name, search.begin, search.end, progress_terminal());
  while (true) {
    const unsigned seen = search.state.load();
    if (seen != Search::kFinished) futex_wait(search.state, seen, watch.period());
    if (search.state.load() == Search::kFinished) {
      searching.join();
      return;
    }
    if (termination.requested()) report_termination(search, before);
    const auto now = Clock::now();
    const Seconds step = now - std::exchange(last, now);
    const std::uint64_t execution = search.begun.load();
    progress.show(now, execution, {}, "");
    std::vector<Task> tasks;
    if (watch.wants_tasks(execution)) tasks = tasks_to_judge(before);
    const auto finding = watch.observe(step, execution, tasks);
    if (finding == Watch::Finding::kNothing || writes_a_report()) continue;
    if (abandon(search, finding, tasks)) {
      searching.detach();
      return;
    }
  }
}

[[noreturn]] void refuse_second_search() {
  throw std::logic_error(
      "weft: a check inside the body of another check, or beside it; "
      "run one check at a time");
}

Report search_here(const std::shared_ptr<Search>& search) {
  static std::atomic<bool> busy{false};
  if (busy.exchange(true)) refuse_second_search();
  struct Release {
    ~Release() {
      set_notice(nullptr);
      busy.store(false);
    }
  } release;
  search->notice.name = search->name;
  search->notice.replay = replay_line(search->options.test_filter, search->options.program);
  set_notice(&search->notice);

  search->reports_seen = thread_sanitizer_reports();
  start_sanitizer_threads();
  const auto before = tasks_now();
  const TerminationWatch termination;
  std::thread searching([search] { run_search(search); });
  watch(*search, searching, before, termination);
  search->report.name = search->name;
  search->report.seconds = Seconds(Clock::now() - search->begin).count();
  if (search->report.violation) {
    search->report.verdict = Verdict::kViolated;
  } else {
    search->report.seed = search->options.seed;
  }
  search->report.replay = search->notice.replay.with(search->report.seed);
  return search->report;
}

Report search_in_child(const std::shared_ptr<Search>& search) {
  const Options& options = search->options;
  const Seconds patience =
      *options.budget + options.hang_after + options.livelock_after + Seconds(30);
  const bool show = !search->wanted;
  IsolatedResult result = isolated(
      [&](Progress& progress) {
        search->progress = &progress;
        return search_here(search);
      },
      patience, show);
  Report& report = result.report;
  if (report.name.empty()) {  // made up for a child that could not
    report.name = search->name;
    report.seconds = Seconds(Clock::now() - search->begin).count();
    report.mode = mode_name(mode_of(report.seed, options.perturb));
    report.replay = replay_line(options.test_filter, options.program).with(report.seed);
  }
  // A control's output is wanted only if it went wrong in another way than it should.
  const bool as_wanted = report.violation && search->wanted == report.violation->kind;
  if (!show && !as_wanted) std::fputs(result.output.c_str(), stderr);
  return std::move(report);
}

Report run(std::optional<Kind> wanted, std::string_view name, const Body& body,
           const Options& in_code) {
  if (current_execution() != nullptr) refuse_second_search();
  Defaults defaults;
  if (wanted) {
    defaults = {.budget = Seconds(20),
                .executions = ~std::uint64_t{0},
                .isolate = true,
                .budget_is_a_floor = true};
  }
  auto search = std::make_shared<Search>();
  search->name = in_code.name.empty() ? std::string(name) : in_code.name;
  search->body = body;
  search->options = resolved(in_code, defaults);
  search->wanted = wanted;
  search->begin = Clock::now();
  const auto budget = std::chrono::duration_cast<Clock::duration>(*search->options.budget);
  search->end = std::min(search->begin + budget, report_deadline());
  // By the deadline, also an execution that does not end must have been reported.
  const Seconds left = std::max(Seconds(report_deadline() - search->begin), Seconds(1));
  search->options.livelock_after = std::min(search->options.livelock_after, left);

  bool isolate = *search->options.isolate && !is_isolated();
  // A control that nobody asked to isolate can do without, unless it is to crash.
  if (isolate && !in_code.isolate && wanted != Kind::kCrash) {
    isolate = can_isolate() && other_threads() == 0;
  }
  return isolate ? search_in_child(search) : search_here(search);
}

}  // namespace
}  // namespace internal

Report search(std::string_view name, const Body& body, const Options& in_code) {
  return internal::run(std::nullopt, name, body, in_code);
}

Report search_for(Kind wanted, std::string_view name, const Body& body, const Options& in_code) {
  return internal::run(wanted, name, body, in_code);
}

}  // namespace weft
