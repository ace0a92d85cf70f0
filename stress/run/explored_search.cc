// weft::search() under the explorer.
#include <algorithm>
#include <chrono>
#include <exception>
#include <stdexcept>
#include <string>
#include <utility>

#include "stress/explore/explore.h"
#include "stress/explore/random_walk.h"
#include "stress/explore/replay.h"
#include "stress/explore/schedule.h"
#include "stress/report/files.h"
#include "stress/run/difference.h"
#include "stress/run/execution.h"
#include "stress/run/explored_execution.h"
#include "stress/run/explored_finding.h"
#include "stress/run/minimise.h"
#include "stress/run/progress.h"
#include "stress/run/repetition.h"
#include "stress/run/replay.h"
#include "stress/run/saved_search.h"
#include "stress/run/search.h"
#include "stress/run/seeds.h"
#include "stress/run/strategies.h"
#include "stress/run/workers.h"

namespace weft {
namespace internal {
namespace {

using Clock = std::chrono::steady_clock;
using explore::Finding;

using Search = ExploredSearch;

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
  explore::Schedule schedule = schedule_of_last(seed);
  Violation found = std::move(*matching);
  const bool is_brief = search.options.brief;
  if (!recorded && !is_brief) schedule = simplified(search, found, std::move(schedule));
  report.schedule = to_string(schedule);
  for (auto other = violations.begin(); other != violations.end(); ++other) {
    if (other != matching && other->kind != found.kind) report.also.push_back(std::move(*other));
  }
  if (is_brief) {
    report.violation = std::move(found);
  } else if (recorded) {
    explain_last(search, std::move(found), "");
  } else {
    explain(search, schedule, std::move(found));
  }
  return true;
}

// Whether the execution just run, run once more, is the same; a violation that says where not.
std::vector<Violation> compare_with_repetition(Search& search, std::uint64_t number,
                                               std::uint64_t seed) {
  const explore::Schedule schedule = schedule_of_last(seed);
  explore::Replay& replay = replay_of(schedule);
  execute(search, replay, number, seed, true);
  std::vector<explore::Event> first;
  for (unsigned i = 0; i < explore::event_count(); ++i) first.push_back(explore::event(i));
  const bool same = last_was(schedule);
  execute(search, replay, number, seed, true);
  if (same && last_was(schedule)) return {};
  return {{.kind = Kind::kNondeterminism,
           .text = "a schedule was run twice and gave two executions: " + first_difference(first)}};
}

// What the last execution has shown that none before had.
Strategies::News count_interleaving(Search& search) {
  if (explore::last_outcome().of_no_interest) return {};
  const bool has_room = search.digests.size() < WorkerProgress::kMostDigests;
  const bool is_new = has_room && search.digests.insert(explore::trace_digest()).second;
  if (is_new && search.progress != nullptr) search.progress->saw(explore::trace_digest());
  const unsigned conflicts = search.cover ? explore::new_conflicts() : 0;
  search.report.conflicts += conflicts;
  return {.interleaving = is_new, .conflicts = conflicts};
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
  const explore::Schedule schedule = schedule_of_last(search.options.seed);
  if (!take_over(search, std::move(violations), 0, schedule.seed, first_to_last, true))
    return false;
  if (search.report.violation->kind != Kind::kDeadlock) return true;
  // Only an execution that is not recorded finds out if a wake-up was lost.
  explore::Replay& replay = replay_of(schedule);
  violations = execute(search, replay, 0, schedule.seed, false);
  if (last_was(schedule) && !violations.empty() && violations.front().kind == Kind::kLostWakeup) {
    take_over(search, std::move(violations), 0, schedule.seed, first_to_last);
  }
  return true;
}

void run_schedule(Search& search) {
  std::string why;
  const auto schedule = explore::schedule_from(search.options.schedule, why);
  if (!schedule) throw OptionError("WEFT_SCHEDULE: " + why);
  explore::Replay& replay = replay_of(*schedule);
  std::vector<Violation> violations;
  bool same = false;
  // A schedule may be that of a process's first execution, or of a later one.
  for (int attempt = 0; attempt < 2 && !same; ++attempt) {
    violations = execute(search, replay, 0, schedule->seed, true);
    same = replay.misfit() < 0 && last_was(*schedule);
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
    search.inverted = {schedule_of_last(seed), number, strategy.name()};
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
  const Options& options = search.options;
  const Share shard = share_of_shard();
  Strategies strategies(options.strategy, options.seed, shard, search.worker);
  if (options.guarantee.kind != explore::Guarantee::Kind::kNone) strategies.stop_threads();
  const Seeds seeds(options.seed, Share{0, shard.total}.part(search.worker));
  // The seed of the one program that is searched systematically.
  std::uint64_t program = seeds.at(0);
  search.report.bounds = strategies.bounds(options);
  Report& report = search.report;
  // Of several workers, who started them tells how far they are.
  ProgressLine progress(search.name, search.begin, search.end,
                        search.progress == nullptr ? progress_terminal() : -1);
  if (first_execution(search)) return;
  search.digests.clear();
  explore::forget_conflicts();
  search.cover = strategies.wants_news();
  SavedSearch saved(search, strategies, program);
  for (std::uint64_t number = saved.go_on();; ++number) {
    explore::Strategy& strategy = strategies.next(number);
    const std::uint64_t seed = strategy.wants_one_program() ? program : seeds.at(number);
    search.is_in_loop = true;
    auto violations = execute(search, strategy, number, seed, false);
    search.is_in_loop = false;
    const bool exhausted = strategies.end(count_interleaving(search));
    keep_inversion(search, violations, number, seed, strategy);
    report.executions = number + 1;
    if (search.progress != nullptr) search.progress->ran(report.executions);
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
    if ((number & 15) == 15 || explore::counters().steps > 1000) {
      const Clock::time_point now = Clock::now();
      if (now >= search.end) break;
      progress.show(now, report.executions, search.digests.size(), strategy.name());
    }
    if (exhausted) {
      // A body that draws random numbers is many programs: that was one of them.
      program = seeds.at(number + 1);
      strategies.search_again();
    }
    saved.ran(number + 1);
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

bool busy = false;

// The search itself, in this process.
Report search_here(Search& search) {
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
  report.replay = replay_line(search.options.test_filter, search.options.program)
                      .with_schedule(report.schedule);
  if (report.violation && !search.options.brief) finish_finding(search);
  return std::move(report);
}

Report search_with_workers(Search& search) {
  const Options& options = search.options;
  const Seconds patience =
      *options.budget + options.livelock_after + *options.minimise + Seconds(60);
  const auto work = [&](Share worker, WorkerProgress& told) {
    search.worker = worker;
    search.progress = &told;
    return search_here(search);
  };
  ProgressLine progress(search.name, search.begin, search.end, progress_terminal());
  const auto tell = [&](std::uint64_t executions) {
    progress.show(Clock::now(), executions, {}, std::to_string(*options.workers) + " workers");
  };
  Report report = run_workers(*options.workers, patience, work, tell);
  report.name = search.name;
  report.seconds = Seconds(Clock::now() - search.begin).count();
  return report;
}

Report run(std::optional<Kind> wanted, std::string_view name, const Body& body,
           const Options& in_code) {
  if (busy || explore::inside()) {
    throw std::logic_error(
        "weft: a check inside the body of another check, or beside it; run one check at a time");
  }
  if (const char* why = explore::prepare()) throw std::runtime_error(std::string("weft: ") + why);
  Defaults defaults{.executions = 1'000'000};
  if (wanted) {
    defaults = {.budget = Seconds(20),
                .executions = ~std::uint64_t{0},
                .minimise = Seconds(0),
                .budget_is_a_floor = true};
  }
  Search search;
  search.name = in_code.name.empty() ? std::string(name) : in_code.name;
  search.body = body;
  search.options = resolved_for_campaign(in_code, defaults);
  search.wanted = wanted;
  search.begin = Clock::now();
  const auto budget = std::chrono::duration_cast<Clock::duration>(*search.options.budget);
  search.end = std::min(search.begin + budget, report_deadline());
  search.report.name = search.name;
  search.report.seed = search.options.seed;
  explore::set_stack_bytes(search.options.stack_bytes);
  explore::use_kernel_threads(search.options.kernel_threads);

  const bool is_alone = *search.options.workers == 1 || !search.options.schedule.empty();
  Report report = is_alone ? search_here(search) : search_with_workers(search);
  if (!search.options.campaign.empty() && report.violated()) {
    report::write_files(report, search.options.campaign);
  }
  return report;
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
