#include "stress/explore/lost_wakeup.h"

#include "stress/explore/end_checks.h"
#include "stress/explore/interpose.h"
#include "stress/explore/objects.h"
#include "stress/explore/scheduling.h"

namespace weft::explore {
namespace {

constexpr uint64_t kTrialSteps = 200;

uint64_t digest_before = 0;
uint64_t steps_before = 0;
uint64_t switches_before = 0;
ThreadId running_before = kNobody;
bool went_on = false;    // the thread of the trial; else it has come back to wait, or is in doubt
bool came_back = false;  // it waits again for what hooks tell of

// A condition that hooks tell of, and of which the thread has missed the last notification.
const Object* missed(const Thread& thread) {
  if (thread.waits_for == 0 || thread.wait_is_limited) return nullptr;
  const Object* condition = known_object(thread.waits_for, Kind::kAnnotated);
  if (condition == nullptr || condition->notifier == kNobody) return nullptr;
  const bool waited = condition->value > static_cast<int64_t>(thread.waits_since);
  return condition->woken == 0 || waited ? condition : nullptr;
}

const Object* waits_on(const Thread& thread) {
  if (thread.state != Thread::State::kAlive || thread.list == nullptr) return nullptr;
  switch (thread.pending.op) {
    case Op::kWait: {
      const Object* condition = known_object(thread.pending.object, Kind::kCondition);
      return condition != nullptr && condition->notifier != kNobody ? condition : nullptr;
    }
    case Op::kFutexWait:
      if (const Object* condition = missed(thread)) return condition;
      return known_object(thread.pending.object, Kind::kFutex);
    default:
      return nullptr;
  }
}

// The next one to be tried; null if none is left.
Thread* candidate_from(unsigned id) {
  for (; id < rt.thread_count; ++id) {
    if (waits_on(*rt.threads[id]) != nullptr) return rt.threads[id];
  }
  return nullptr;
}

Thread& begin_trial(Thread& thread) {
  rt.trial = &thread;
  rt.trial_is_told = waits_on(thread)->kind == Kind::kAnnotated;
  rt.trial_object = rt.trial_is_told ? thread.waits_for : thread.pending.object;
  rt.step_limit = rt.steps + kTrialSteps;
  rt.spurious_left = 0;
  rt.strategy_wants_steps = false;
  rt.races = false;
  went_on = came_back = false;
  end_wait(thread);
  // A wait that hooks tell of knows a time-out from a spurious wake-up, after which it would wait
  // on.
  thread.timed_out = rt.trial_is_told;
  thread.notified = false;
  enable(thread);
  return thread;
}

[[noreturn]] void conclude(bool goes_on) {
  went_on = goes_on;
  end_execution(Finding::kDeadlock, "");
}

// What a thread does to look at what it waits for.
bool only_looks(const Operation& operation) {
  switch (operation.op) {
    case Op::kRelock:
    case Op::kLock:
    case Op::kLoad:
    case Op::kRead:
    case Op::kAsk:
    case Op::kYield:
    case Op::kFence:
    case Op::kPoint:
    // A lock on a futex is asked for its state by trying to take it.
    case Op::kExchange:
    case Op::kCompareExchange:
      return true;
    case Op::kWait:
    case Op::kFutexWait:
      return operation.object == rt.trial_object;
    default:
      return false;
  }
}

}  // namespace

Thread& deadlocked() {
  refuse_abandoned_mutexes();
  if (!rt.recording) {
    digest_before = rt.digest;
    steps_before = rt.steps;
    switches_before = rt.switches;
    running_before = rt.current->id;
    Thread* thread = candidate_from(0);
    if (thread == nullptr) end_execution(Finding::kDeadlock, "");
    return begin_trial(*thread);
  }
  const Object* object = rt.lost == kNobody ? nullptr : waits_on(*rt.threads[rt.lost]);
  if (object == nullptr) end_execution(Finding::kDeadlock, "");
  if (object->notifier != kNobody) {
    add_fact("notified", object->notifier, object->notified_at);
    rt.facts.back().bytes = object->woken;
  }
  end_execution(Finding::kLostWakeup, "a wake-up was lost");
}

Thread& next_in_trial() {
  Thread& thread = *rt.trial;
  if (thread.state != Thread::State::kAlive || !rt.starting.empty()) conclude(true);
  if (rt.ready.has(thread.id)) {
    if (!rt.trial_is_told && !only_looks(thread.pending)) conclude(true);
    return thread;
  }
  if (!came_back && (waits_on(thread) == nullptr || thread.pending.object != rt.trial_object)) {
    conclude(false);
  }
  Thread* next = candidate_from(thread.id + 1u);
  if (next == nullptr) conclude(false);
  return begin_trial(*next);
}

bool is_tried(const Thread& thread, uintptr_t object) {
  return rt.trial == &thread && rt.trial_is_told && rt.trial_object == object && !came_back;
}

void told_in_trial(uintptr_t object, ByHook what) {
  if (!rt.trial_is_told || came_back) return;
  if (what == ByHook::kWaits) {
    came_back = object == rt.trial_object;
  } else {
    conclude(true);
  }
}

void end_trial() {
  rt.outcome.finding = went_on ? Finding::kLostWakeup : Finding::kDeadlock;
  rt.outcome.text[0] = '\0';
  rt.outcome.access_count = 0;
  rt.outcome.of_no_interest = false;
  if (went_on) rt.outcome.lost = rt.trial->id;
  rt.outcome.thread = running_before;
  rt.outcome.was_tried = true;
  rt.digest = digest_before;
  rt.steps = steps_before;
  rt.switches = switches_before;
  rt.trial = nullptr;
}

}  // namespace weft::explore
