#include "stress/run/explored_execution.h"

#include <algorithm>
#include <utility>

namespace weft::internal {
namespace {

using explore::Finding;

// Not inlined, so that each call costs the same accesses by itself.
[[gnu::noinline]] void call(const Body& body, Run& run) { body(run); }

// No local static: the look at its guard would be a step of every execution.
const Body kNothing = [](Run&) {};

std::uint64_t accesses_of_a_call(Run& run) {
  const std::uint64_t before = explore::counters().accesses;
  call(kNothing, run);
  return explore::counters().accesses - before;
}

void run_body(void* argument) {
  ExploredSearch& search = *static_cast<ExploredSearch*>(argument);
  Execution& execution = *search.execution;
  explore::set_thread_name("body");
  Run run(execution);
  const Body& body = search.body;
  bool returned = false;
  try {
    explore::count_accesses_but(accesses_of_a_call(run));
    call(body, run);
    search.accesses = explore::counters().accesses;
    returned = true;
  } catch (...) {
    execution.record(Kind::kException, describe_current_exception() + " left the body");
  }
  run.body_ended(returned);
}

explore::Limits limits_of(const ExploredSearch& search, bool record) {
  return {.steps = search.options.steps,
          .spurious = static_cast<unsigned>(search.options.spurious),
          .plain_points = search.options.plain_points,
          .patient = search.options.patient,
          .record = record,
          .lost = record ? search.lost : explore::kNobody,
          .cover = search.cover && !record,
          // One is enough; a recorded execution is one that is explained.
          .lock_order = search.options.lock_order && (record || !search.inverted),
          .races = search.options.races,
          .leaks = search.options.leaks,
          .guarantee = search.options.guarantee,
          .may_run_ahead = search.is_in_loop && !record};
}

Kind kind_of(Finding finding) {
  switch (finding) {
    case Finding::kDeadlock:
      return Kind::kDeadlock;
    case Finding::kLostWakeup:
      return Kind::kLostWakeup;
    case Finding::kLivelock:
      return Kind::kLivelock;
    case Finding::kException:
      return Kind::kException;
    case Finding::kMisuse:
      return Kind::kMisuse;
    case Finding::kDataRace:
      return Kind::kDataRace;
    case Finding::kUseAfterFree:
      return Kind::kUseAfterFree;
    case Finding::kDoubleFree:
      return Kind::kDoubleFree;
    case Finding::kBadFree:
      return Kind::kBadFree;
    case Finding::kLeak:
      return Kind::kLeak;
    case Finding::kNotModelled:
      return Kind::kNotModelled;
    case Finding::kStale:
      return Kind::kStale;
    case Finding::kNondeterminism:
      return Kind::kNondeterminism;
    case Finding::kNoProgress:
      return Kind::kNoProgress;
    case Finding::kAbort:
    case Finding::kSignal:
    case Finding::kExit:
    case Finding::kNone:
      break;
  }
  return Kind::kCrash;
}

}  // namespace

std::vector<Violation> execute(ExploredSearch& search, explore::Strategy& strategy,
                               std::uint64_t number, std::uint64_t seed, bool record) {
  search.execution = std::make_unique<Execution>(seed, number, 0);
  set_current_execution(search.execution.get());
  search.accesses.reset();
  const explore::Outcome& outcome =
      explore::execute(run_body, &search, strategy, seed, limits_of(search, record));
  set_current_execution(nullptr);
  search.report.accesses =
      std::max(search.report.accesses, search.accesses.value_or(explore::counters().accesses));
  search.drew_random |= search.execution->drew_random() || explore::drew_random();
  std::vector<Violation> violations;
  const bool is_stuck =
      outcome.finding == Finding::kDeadlock || outcome.finding == Finding::kLostWakeup;
  const bool is_right = is_stuck && search.execution->stuck_is_right();
  if (outcome.finding != Finding::kNone && !is_right) {
    violations.push_back({.kind = kind_of(outcome.finding), .text = outcome.text});
  }
  search.is_inverted = false;
  if (!record) search.lost = is_right ? explore::kNobody : outcome.lost;
  // What was found in a trial was found in no execution.
  if (outcome.was_tried) return violations;
  for (Violation& other : search.execution->take_violations()) {
    violations.push_back(std::move(other));
  }
  search.is_inverted = outcome.inverted && violations.empty();
  if (search.is_inverted && record)
    violations.push_back({.kind = Kind::kLockInversion, .text = ""});
  return violations;
}

}  // namespace weft::internal
