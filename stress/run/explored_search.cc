// weft::search() under the explorer.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <exception>
#include <memory>
#include <stdexcept>
#include <string>
#include <unordered_set>
#include <utility>

#include "stress/explore/exhaustive.h"
#include "stress/explore/explore.h"
#include "stress/explore/pct.h"
#include "stress/explore/random_walk.h"
#include "stress/explore/replay.h"
#include "stress/explore/schedule.h"
#include "stress/report/finding_json.h"
#include "stress/report/recorded.h"
#include "stress/report/table.h"
#include "stress/run/difference.h"
#include "stress/run/execution.h"
#include "stress/run/explored_execution.h"
#include "stress/run/process.h"
#include "stress/run/replay.h"
#include "stress/run/search.h"
#include "stress/run/stacks.h"
#include "stress/run/strategies.h"

namespace weft {
namespace internal {
namespace {

using Clock = std::chrono::steady_clock;
using explore::Finding;

using Search = ExploredSearch;

constexpr std::size_t kMostDigests = 2'000'000;

explore::Schedule schedule_now(std::uint64_t seed) {
  explore::Schedule schedule;
  schedule.seed = seed;
  schedule.digest = static_cast<std::uint32_t>(explore::trace_digest());
  for (unsigned i = 0; i < explore::decision_count(); ++i) {
    schedule.decisions.push_back(explore::decision(i));
  }
  return schedule;
}

void fill(explore::Replay& replay, const explore::Schedule& schedule) {
  replay.clear();
  for (std::uint16_t decision : schedule.decisions) replay.add(decision);
}

std::vector<ThreadDump> dumps_of(const report::Finding& finding) {
  std::vector<ThreadDump> dumps;
  for (const report::Thread& thread : finding.threads) {
    if (thread.state == report::ThreadState::kEnded) continue;
    ThreadDump& dump = dumps.emplace_back();
    dump.name = thread.name;
    dump.tid = static_cast<int>(&thread - finding.threads.data());
    dump.state = thread.state == report::ThreadState::kWaits ? "waits" : "could go on";
    dump.waits_for = thread.waits_for;
    for (unsigned frame : thread.stack) {
      const report::Frame& place = finding.frames[frame];
      dump.frames.push_back(to_string(SourcePlace{place.function, place.file, place.line}));
    }
  }
  return dumps;
}

// Says what the last execution, which was recorded, shows.
void explain_last(Search& search, Violation violation, std::string caveat) {
  violation.events = search.execution->events();
  report::Finding& finding =
      search.finding.emplace(report::recorded_finding(violation, search.ended_by));
  finding.caveat = std::move(caveat);
  violation.text = finding.sentence;
  violation.threads = dumps_of(finding);
  search.report.violation = std::move(violation);
}

// Repeats a violating execution with its steps recorded, and explains it.
void explain(Search& search, const explore::Schedule& schedule, Violation violation) {
  static explore::Replay replay;
  fill(replay, schedule);
  const auto again = execute(search, replay, search.report.execution, schedule.seed, true);
  const bool same = !again.empty() && again.front().kind == violation.kind &&
                    static_cast<std::uint32_t>(explore::trace_digest()) == schedule.digest;
  explain_last(
      search, std::move(violation),
      same ? ""
           : "repeating this schedule gave another execution: the body depends on something "
             "that the explorer does not control, such as an address, a file or a random "
             "device. The repetition " +
                 (again.empty() ? std::string("found nothing") : "found: " + again.front().text));
}

// What the search alone knows of a finding; then its text and its file.
void finish_finding(Search& search) {
  Report& report = search.report;
  if (!search.finding) {
    search.finding.emplace();
    search.finding->kind = to_string(report.violation->kind);
    search.finding->sentence = report.violation->text;
  }
  report::Finding& finding = *search.finding;
  finding.test = report.name;
  finding.verdict = to_string(report.verdict);
  finding.strategy = report.mode;
  finding.seed = report.seed;
  finding.execution = report.execution;
  finding.schedule = report.schedule;
  finding.replay = report.replay;
  finding.executions = report.executions;
  finding.distinct = report.distinct;
  finding.seconds = report.seconds;
  finding.bounds = report.bounds;
  report.finding = report::to_json(finding);
  if (!finding.caveat.empty()) report.interleaving = "  (" + finding.caveat + ")\n";
  report.interleaving += report::table_of(finding);
}

// Takes the violations of an execution over. True if the search is at its end.
bool take_over(Search& search, std::vector<Violation> violations, std::uint64_t number,
               std::uint64_t seed, const explore::Strategy& strategy, bool recorded = false) {
  Report& report = search.report;
  if (violations.empty()) return false;
  const auto matching = std::find_if(violations.begin(), violations.end(), [&](const auto& each) {
    return !search.wanted || satisfies(*search.wanted, each.kind);
  });
  if (matching == violations.end()) {
    // Of another kind than the wanted one: kept once, and passed over.
    for (Violation& other : violations) {
      const auto same = [&](const Violation& v) { return v.kind == other.kind; };
      if (std::none_of(report.also.begin(), report.also.end(), same)) {
        report.also.push_back(std::move(other));
      }
    }
    return false;
  }
  report.seed = seed;
  report.execution = number;
  report.mode = strategy.name();
  const explore::Schedule schedule = schedule_now(seed);
  report.schedule = to_string(schedule);
  Violation found = std::move(*matching);
  for (auto other = violations.begin(); other != violations.end(); ++other) {
    if (other != matching && other->kind != found.kind) report.also.push_back(std::move(*other));
  }
  recorded ? explain_last(search, std::move(found), "")
           : explain(search, schedule, std::move(found));
  return true;
}

// Whether the execution just run, run once more, is the same; a violation that says where not.
std::vector<Violation> compare_with_repetition(Search& search, std::uint64_t number,
                                               std::uint64_t seed) {
  static explore::Replay replay;
  const explore::Schedule schedule = schedule_now(seed);
  fill(replay, schedule);
  execute(search, replay, number, seed, true);
  std::vector<explore::Event> first;
  for (unsigned i = 0; i < explore::event_count(); ++i) first.push_back(explore::event(i));
  const bool same = static_cast<std::uint32_t>(explore::trace_digest()) == schedule.digest;
  execute(search, replay, number, seed, true);
  const bool same_again = static_cast<std::uint32_t>(explore::trace_digest()) == schedule.digest;
  if (same && same_again) return {};
  return {{.kind = Kind::kNondeterminism,
           .text = "a schedule was run twice and gave two executions: " + first_difference(first)}};
}

void count_interleaving(Search& search) {
  if (search.digests.size() < kMostDigests) search.digests.insert(explore::trace_digest());
}

// What lives as long as the process, such as the thread_local variables of the thread that
// searches, is initialised in the first execution alone. So the first one is apart, and those of
// the search are alike. It is recorded, because it could not be repeated. True if it has violated
// what was looked for.
bool first_execution(Search& search) {
  explore::RandomWalk first_to_last(~0u);
  auto violations = execute(search, first_to_last, 0, search.options.seed, true);
  if (search.is_inverted && search.wanted != Kind::kLockInversion) violations.clear();
  search.report.executions = 1;
  count_interleaving(search);
  return take_over(search, std::move(violations), 0, search.options.seed, first_to_last, true);
}

void run_schedule(Search& search) {
  std::string why;
  const auto schedule = explore::schedule_from(search.options.schedule, why);
  if (!schedule) throw OptionError("WEFT_SCHEDULE: " + why);
  static explore::Replay replay;
  fill(replay, *schedule);
  std::vector<Violation> violations;
  bool same = false;
  // A schedule may be that of a process's first execution, or of a later one.
  for (int attempt = 0; attempt < 2 && !same; ++attempt) {
    violations = execute(search, replay, 0, schedule->seed, true);
    const auto digest = static_cast<std::uint32_t>(explore::trace_digest());
    same = replay.misfit() < 0 && digest == schedule->digest;
  }
  if (same && !violations.empty() && violations.front().kind == Kind::kDeadlock) {
    // Only an execution that is not recorded finds out if a wake-up was lost.
    execute(search, replay, 0, schedule->seed, false);
    violations = execute(search, replay, 0, schedule->seed, true);
  }
  search.report.executions = 1;
  count_interleaving(search);
  if (!same) {
    violations.insert(
        violations.begin(),
        {.kind = Kind::kStale,
         .text = "this schedule is not from this program and body (" +
                 (replay.misfit() >= 0 ? "its decision " + std::to_string(replay.misfit()) +
                                             " has no such answer here"
                                       : std::string("the operations differ")) +
                 "): they were changed since, or its options were others; search anew without "
                 "WEFT_SCHEDULE"});
    search.report.violation = std::move(violations.front());
    search.report.seed = schedule->seed;
    return;
  }
  take_over(search, std::move(violations), 0, schedule->seed, replay, true);
}

// A lock-order inversion may be the shadow of a deadlock, which is the better finding; so the
// search goes on. Who looks for an inversion has it.
void keep_inversion(Search& search, std::vector<Violation>& violations, std::uint64_t number,
                    std::uint64_t seed, const explore::Strategy& strategy) {
  if (!search.is_inverted) return;
  if (search.wanted == Kind::kLockInversion) {
    violations.push_back({.kind = Kind::kLockInversion, .text = ""});
  } else if (!search.inverted) {
    search.inverted = {schedule_now(seed), number, strategy.name()};
  }
}

// The search is at its end, and no deadlock came. Where every schedule was run, none can come
// within the bounds: then the inversion is told, but violates nothing.
void judge_inversion(Search& search) {
  if (!search.inverted) return;
  Report& report = search.report;
  const bool holds = report.verdict == Verdict::kHolds;
  const ExploredSearch::Inverted inverted = std::move(*search.inverted);
  report.execution = inverted.execution;
  explain(search, inverted.schedule, {.kind = Kind::kLockInversion, .text = ""});
  if (!holds && !search.wanted) {
    report.seed = inverted.schedule.seed;
    report.mode = inverted.strategy;
    report.schedule = to_string(inverted.schedule);
    return;
  }
  report.also.push_back(std::move(*report.violation));
  if (holds) report.also.back().text += "; but no schedule within the bounds ends in a deadlock";
  report.violation.reset();
  search.finding.reset();
  report.execution = 0;
}

void run_search(Search& search) {
  Strategies strategies(search.options.strategy);
  std::uint64_t next = search.options.seed;
  std::uint64_t program = next;  // the seed of the one program that is searched systematically
  search.report.bounds = strategies.bounds(search.options);
  Report& report = search.report;
  if (first_execution(search)) return;
  search.digests.clear();
  for (std::uint64_t number = 0;; ++number) {
    explore::Strategy& strategy = strategies.next(number);
    const std::uint64_t seed = strategy.wants_one_program() ? program : next;
    auto violations = execute(search, strategy, number, seed, false);
    const bool exhausted = strategies.end();
    count_interleaving(search);
    keep_inversion(search, violations, number, seed, strategy);
    report.executions = number + 1;
    if (take_over(search, std::move(violations), number, seed, strategy)) return;
    if (search.options.twice &&
        take_over(search, compare_with_repetition(search, number, seed), number, seed, strategy)) {
      return;
    }
    if (exhausted && !search.drew_random) {
      // A control that met something else than what it looks for does not hold.
      if (report.also.empty()) report.verdict = Verdict::kHolds;
      break;
    }
    if (number + 1 >= *search.options.executions) break;
    // The clock is read where it costs little beside the executions.
    if ((number & 15) == 15 && Clock::now() >= search.end) break;
    if (explore::counters().steps > 1000 && Clock::now() >= search.end) break;
    next = next_seed(next);
    if (exhausted) {
      // A body that draws random numbers is many programs: that was one of them.
      program = next;
      strategies = Strategies(search.options.strategy);
    }
  }
  report.reached = strategies.reached();
  judge_inversion(search);
}

std::string what_was_controlled(const Report& report) {
  std::string text = std::to_string(explore::interposed_count()) + " of " +
                     std::to_string(explore::interposable_count()) + " functions; ";
  explore::for_each_uninstrumented_library(
      [](const char* name, void* to) {
        *static_cast<std::string*>(to) += std::string("not the accesses of ") + name + "; ";
      },
      &text);
  if (report.accesses == 0) {
    return text +
           "no instrumented access: the tested code was not compiled with "
           "-fsanitize=thread, so that its atomic operations go unseen";
  }
  return text + std::to_string(report.accesses) + " instrumented accesses in an execution";
}

// An exception that leaves a thread which the body made itself ends in std::terminate().
[[noreturn]] void on_terminate() {
  if (!explore::inside()) std::abort();
  std::string text;
  {
    const explore::Outside outside;
    text = std::current_exception() ? describe_current_exception() + " left a thread"
                                    : "std::terminate() was called";
  }
  explore::abandon_execution(std::current_exception() ? Finding::kException : Finding::kAbort,
                             text.c_str());
}

Report run(std::optional<Kind> wanted, std::string_view name, const Body& body,
           const Options& in_code) {
  static bool busy = false;
  if (busy || explore::inside()) {
    throw std::logic_error(
        "weft: a check inside the body of another check, or beside it; run one check at a time");
  }
  if (const char* why = explore::prepare()) throw std::runtime_error(std::string("weft: ") + why);
  Defaults defaults{.executions = 1'000'000};
  if (wanted) {
    defaults = {.budget = Seconds(20), .executions = ~std::uint64_t{0}, .budget_is_a_floor = true};
  }
  Search search;
  search.name = in_code.name.empty() ? std::string(name) : in_code.name;
  search.body = body;
  search.options = resolved(in_code, defaults);
  search.wanted = wanted;
  search.begin = Clock::now();
  const auto budget = std::chrono::duration_cast<Clock::duration>(*search.options.budget);
  search.end = std::min(search.begin + budget, report_deadline());
  search.report.name = search.name;
  search.report.seed = search.options.seed;
  explore::set_stack_bytes(search.options.stack_bytes);
  explore::use_kernel_threads(search.options.kernel_threads);

  struct Guard {
    Guard() {
      busy = true;
      before = std::set_terminate(on_terminate);
      explore::begin_watch(10);
    }
    ~Guard() {
      explore::end_watch();
      std::set_terminate(before);
      busy = false;
    }
    std::terminate_handler before;
  } guard;
  search.options.schedule.empty() ? run_search(search) : run_schedule(search);

  Report& report = search.report;
  report.seconds = Seconds(Clock::now() - search.begin).count();
  report.distinct = search.digests.size();
  report.controlled = what_was_controlled(report);
  if (report.violation) report.verdict = Verdict::kViolated;
  report.replay = replay_line(search.options.test_filter).with_schedule(report.schedule);
  if (report.violation) finish_finding(search);
  return std::move(report);
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
