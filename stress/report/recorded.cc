#include "stress/report/recorded.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "stress/explore/explore.h"
#include "stress/report/accesses.h"
#include "stress/report/recorded_objects.h"
#include "stress/report/recorded_places.h"
#include "stress/report/repetition.h"
#include "stress/report/words.h"

namespace weft::report {
namespace {

using explore::Event;
using explore::Op;
using explore::ThreadFacts;
using explore::ThreadId;

bool is_join_or_start(Op op) { return op == Op::kJoin || op == Op::kStart; }

// Values are told as numbers with the sign of their size, and pointers numbered in the order of
// their first appearance, because they are others in every process.
class Values {
 public:
  std::string text(std::uint64_t value, unsigned size) {
    if (size == 1 || size == 2) return std::to_string(value);
    if (size == 4) return std::to_string(static_cast<std::int32_t>(value));
    const auto whole = static_cast<std::int64_t>(value);
    constexpr std::int64_t kFarBelowZero = -(std::int64_t{1} << 47);
    if (whole < 0 && whole > kFarBelowZero) return std::to_string(whole);
    if (!is_pointer(value)) return std::to_string(value);
    const auto number = pointers_.try_emplace(value, pointers_.size() + 1).first->second;
    return "pointer " + std::to_string(number);
  }

 private:
  static bool is_pointer(std::uint64_t value) {
    // Where Linux puts programs that may lie anywhere, their heaps, libraries and stacks, and where
    // the explorer puts its own.
    constexpr std::uint64_t kLowest = 0x5500'0000'0000;
    constexpr std::uint64_t kHighest = 0x7fff'ffff'ffff;
    return (value >= kLowest && value <= kHighest) || is_in_program(value);
  }

  std::map<std::uint64_t, std::size_t> pointers_;
};

const char* order_of(const explore::Operation& operation) {
  constexpr const char* kOrders[] = {"relaxed", "consume", "acquire",
                                     "release", "acq_rel", "seq_cst"};
  const bool atomic = operation.op >= Op::kLoad && operation.op <= Op::kFence;
  return atomic && operation.order >= 0 && operation.order < 6 ? kOrders[operation.order] : "";
}

// `is_known`: an earlier step accessed the object. What lies in fresh memory is another thing in
// every process.
void put_value(Step& step, const Event& event, bool is_known, Values& values) {
  const explore::Operation& operation = event.operation;
  switch (operation.op) {
    case Op::kRead:
      step.value = values.text(event.left, operation.size);
      return;
    case Op::kStore:
      if (is_known && operation.size <= 8) step.before = values.text(event.before, operation.size);
      [[fallthrough]];
    case Op::kLoad:
      if (operation.size <= 8) step.value = values.text(event.value, operation.size);
      return;
    case Op::kNotifyOne:
    case Op::kNotifyAll:
    case Op::kFutexWake:
    case Op::kSemWait:
      if (!event.blocked) step.value = std::to_string(event.value);
      return;
    case Op::kTryLock:
    case Op::kTryLockShared:
    case Op::kUnlock:
      step.failed = event.value != 0;
      return;
    case Op::kFutexWait:
    case Op::kInput:
      step.failed = !event.blocked && event.value == 1;
      return;
    default:
      break;
  }
  if (operation.op >= Op::kExchange && operation.op <= Op::kCompareExchange &&
      operation.size <= 8) {
    step.value = values.text(event.value, operation.size);
    step.left = values.text(event.left, operation.size);
  }
}

void name_threads(Finding& finding) {
  std::set<std::string> taken;
  for (unsigned id = 0; id < explore::thread_count(); ++id) {
    std::string name = explore::thread_facts(static_cast<ThreadId>(id)).name;
    if (name.empty()) name = "thread " + std::to_string(id);
    if (!taken.insert(name).second) {
      name += " (" + std::to_string(id) + ")";
      taken.insert(name);
    }
    finding.threads.emplace_back().name = std::move(name);
  }
}

std::optional<unsigned> as_index(ThreadId id) {
  return id == explore::kNobody ? std::nullopt : std::optional<unsigned>(id);
}

void put_steps(Finding& finding, RecordedPlaces& places, RecordedObjects& objects) {
  Values values;
  std::set<unsigned> accessed;  // objects
  for (unsigned i = 0; i < explore::event_count(); ++i) {
    const Event& event = explore::event(i);
    Step step;
    step.thread = event.thread;
    step.operation = explore::name_of(event.operation.op);
    step.object = objects.of_event(i);
    step.second = objects.second_of_event(i);
    step.other = as_index(event.other);
    step.order = order_of(event.operation);
    step.size = event.operation.size;
    step.changed = event.changed;
    step.switched = i > 0 && explore::event(i - 1).thread != event.thread;
    step.preempted = event.preempted;
    step.blocked = event.blocked;
    step.timed_out = event.operation.op == Op::kTimeout;
    step.failed = event.failed;
    step.spurious = event.spurious;
    const bool is_known = step.object && !accessed.insert(*step.object).second;
    put_value(step, event, is_known, values);
    step.stack = places.stack(event.frames, finding);
    step.place = tested_place(step.stack, finding);
    finding.switches += step.switched;
    finding.preemptions += step.preempted;
    finding.steps.push_back(std::move(step));
  }
}

bool is_of_a_block(explore::AccessKind kind) {
  return kind == explore::AccessKind::kFree || kind == explore::AccessKind::kAllocate;
}

// The memory that both accesses touch, as the later one names it; 0 if they were not recorded, or
// name a block as a whole.
std::uintptr_t address_of_accesses(const explore::Outcome& outcome) {
  for (unsigned i = outcome.access_count; i-- > 0;) {
    const explore::FoundAccess& access = outcome.accesses[i];
    if (!is_of_a_block(access.kind)) return access.address;
  }
  return 0;
}

void put_accesses(Finding& finding, RecordedPlaces& places, const RecordedObjects& objects) {
  constexpr const char* kOperations[] = {"read",         "write",      "atomic read",
                                         "atomic write", "allocation", "free"};
  const explore::Outcome& outcome = explore::last_outcome();
  for (unsigned i = 0; i < outcome.access_count; ++i) {
    const explore::FoundAccess& found = outcome.accesses[i];
    const explore::BlockFacts block = explore::block_facts(found.address);
    MemoryAccess access;
    access.thread = found.thread;
    access.operation = kOperations[static_cast<unsigned>(found.kind)];
    if (!is_of_a_block(found.kind)) access.object = objects.of_access();
    access.size = found.size;
    access.block = block.bytes;
    access.offset = block.offset;
    access.step = std::min(found.events, static_cast<unsigned>(finding.steps.size()));
    access.stack = places.stack(found.frames, finding);
    finding.accesses.push_back(std::move(access));
  }
}

std::string waits_in_words(const Finding& finding, const Thread& thread, Op op) {
  std::string text;
  switch (op) {
    case Op::kJoin:
      return "the end of " +
             (thread.holder ? finding.threads[*thread.holder].name : "the other threads");
    case Op::kInput:
      return "input";
    case Op::kSleep:
      return "the end of its sleep";
    case Op::kFutexWait:
      // What a primitive of Weft waits for has a better name than the number inside of it.
      if (thread.object && finding.objects[*thread.object].kind == "atomic") text = "futex ";
      break;
    case Op::kRelock:
      text = "its mutex back: ";
      break;
    default:
      break;
  }
  text += thread.object ? in_words(finding.objects[*thread.object]) : "something";
  if (thread.holder) text += " held by " + finding.threads[*thread.holder].name;
  return text;
}

// The body has returned, and threads that it did not join have not ended.
bool body_waits_for_all(const ThreadFacts& body) {
  if (body.pending.op != Op::kJoin || body.pending.object != 0) return false;
  for (unsigned id = 1; id < explore::thread_count(); ++id) {
    if (!explore::thread_facts(static_cast<ThreadId>(id)).ended) return true;
  }
  return false;
}

bool last_step_blocks(const Finding& finding, unsigned thread) {
  const auto last = std::find_if(finding.steps.rbegin(), finding.steps.rend(),
                                 [thread](const Step& step) { return step.thread == thread; });
  return last != finding.steps.rend() && last->blocked;
}

// What each thread that has not ended does at the end.
void put_ends(Finding& finding, RecordedPlaces& places, RecordedObjects& objects) {
  for (unsigned id = 0; id < finding.threads.size(); ++id) {
    const ThreadFacts facts = explore::thread_facts(static_cast<ThreadId>(id));
    Thread& thread = finding.threads[id];
    if (facts.ended && !(id == 0 && body_waits_for_all(facts))) continue;
    // A thread that closes a cycle waits, though the search did not let it begin to.
    const bool waits = !facts.ready || last_step_blocks(finding, id);
    thread.state = waits ? ThreadState::kWaits : ThreadState::kCouldGoOn;
    thread.operation = explore::name_of(facts.pending.op);
    thread.stack = places.stack(facts.frames, finding);
    if (!waits) continue;
    if (!is_join_or_start(facts.pending.op)) thread.object = objects.at_end(facts);
    thread.holder = as_index(facts.waits_for);
    thread.waits_for = waits_in_words(finding, thread, facts.pending.op);
  }
}

std::string fact_in_words(const Finding& finding, const explore::Fact& fact,
                          const std::string& held) {
  const std::string_view what = fact.what;
  const std::string object = fact.event == explore::Fact::kNoEvent
                                 ? std::string("something")
                                 : object_text(finding.steps[fact.event].object, finding);
  if (what == "held") return "held " + object;
  if (what == "taken") return "took " + object + " while it held " + held;
  if (what == "unjoined") return "was started";
  if (what == "notified") {
    return "notified " + object +
           (fact.bytes == 0 ? ", and nobody waited" : ", which woke " + std::to_string(fact.bytes));
  }
  return std::string(what);
}

// What detectors know besides.
void put_facts(Finding& finding, RecordedPlaces& places) {
  std::string held;
  for (unsigned i = 0; i < explore::fact_count(); ++i) {
    const explore::Fact& fact = explore::fact(i);
    Place place{.label = fact_in_words(finding, fact, held),
                .thread = as_index(fact.thread),
                .step = {},
                .stack = {}};
    if (fact.event != explore::Fact::kNoEvent) {
      const Step& step = finding.steps[fact.event];
      place.step = fact.event;
      place.stack = step.stack;
      held = object_text(step.object, finding);
    } else if (fact.frames[0] != 0) {
      place.stack = places.stack(fact.frames, finding);
    }
    finding.places.push_back(std::move(place));
  }
}

void put_repetitions(Finding& finding) {
  // Without progress one thread spins at most; others were stopped in the middle of what they did.
  const std::size_t rounds_min = finding.kind == to_string(Kind::kNoProgress) ? 4 : 0;
  for (const Repetition& each : repetitions_of(finding)) {
    if (each.rounds < rounds_min) continue;
    finding.places.push_back({.label = in_words(each, finding),
                              .thread = each.thread,
                              .step = each.steps.front(),
                              .stack = {}});
  }
}

std::string where(const Place& place, const Finding& finding) {
  const Frame* const frame = tested_frame(place.stack, finding);
  return frame == nullptr ? "" : " (" + where(*frame) + ")";
}

// Each place, if need be but those whose label begins so.
std::string places_in_words(const Finding& finding, std::string_view but_those = "") {
  std::string text;
  for (const Place& place : finding.places) {
    if (!but_those.empty() && place.label.starts_with(but_those)) continue;
    text += text.empty() ? "" : "; ";
    if (place.thread) text += finding.threads[*place.thread].name + " ";
    text += place.label + where(place, finding);
  }
  return text;
}

// "right: unlock mutex 1, held by left (bank.cc:12)"; empty if the last step is not it.
std::string last_step_in_words(const Finding& finding) {
  if (!finding.thread || finding.steps.empty()) return "";
  const Step& last = finding.steps.back();
  if (last.thread != *finding.thread) return "";
  const std::string place = where(last, finding);
  return finding.threads[last.thread].name + ": " + in_words(last, finding) +
         (last.other ? ", held by " + finding.threads[*last.other].name : "") +
         (place.empty() ? "" : " (" + place + ")");
}

// Of a call that is not modelled: "called by left (file.cc:12)".
std::string caller_in_words(const Finding& finding) {
  if (finding.steps.empty() || finding.steps.back().operation != "refused") return "";
  const Step& call = finding.steps.back();
  const std::string place = where(call, finding);
  return "called by " + finding.threads[call.thread].name +
         (place.empty() ? "" : " (" + place + ")");
}

// "left waits for mutex 1 held by right; ..."
std::string waits_in_words(const Finding& finding, bool body_too = true) {
  std::string waits;
  for (unsigned id : body_last(finding)) {
    const Thread& thread = finding.threads[id];
    if (thread.state != ThreadState::kWaits || (id == 0 && !body_too)) continue;
    waits += (waits.empty() ? "" : "; ") + thread.name + " waits for " + thread.waits_for;
  }
  return waits;
}

void put_sentence(Finding& finding, const Violation& violation) {
  finding.sentence = violation.text;
  std::string more;
  if (violation.kind == Kind::kLockInversion) {
    finding.sentence = "locks are taken in orders that contradict each other";
    more = places_in_words(finding, "held ");
  } else if (violation.kind == Kind::kMisuse) {
    more = finding.places.empty() ? last_step_in_words(finding) : places_in_words(finding);
  } else if (violation.kind == Kind::kNotModelled) {
    more = caller_in_words(finding);
    if (more.empty()) more = waits_in_words(finding, false);
  } else if (violation.kind == Kind::kLostWakeup) {
    finding.sentence = "a thread sleeps though what it waits for has come";
    more = places_in_words(finding);
  } else if (violation.kind == Kind::kLivelock) {
    more = places_in_words(finding);
  } else if (violation.kind == Kind::kNoProgress) {
    more = finding.places.empty() ? waits_in_words(finding, false) : places_in_words(finding);
  }
  if (!more.empty()) finding.sentence += ": " + more;
  if (!finding.accesses.empty()) finding.sentence = race_sentence(finding);
  if (violation.kind != Kind::kDeadlock && violation.kind != Kind::kLostWakeup) return;
  if (finding.sentence.empty()) finding.sentence = "nobody is left who could go on";
  finding.sentence += (more.empty() ? ": " : "; ") + waits_in_words(finding);
}

}  // namespace

Finding recorded_finding(const Violation& violation, ThreadId ended_by) {
  Finding finding;
  finding.kind = to_string(violation.kind);
  finding.events = violation.events;
  name_threads(finding);
  finding.thread = as_index(ended_by);
  RecordedPlaces places;
  RecordedObjects objects;
  for (unsigned i = 0; i < explore::event_count(); ++i) {
    places.add(explore::event(i).frames);
    objects.add(i);
  }
  for (unsigned id = 0; id < explore::thread_count(); ++id) {
    places.add(explore::thread_facts(static_cast<ThreadId>(id)).frames);
    objects.add_end(explore::thread_facts(static_cast<ThreadId>(id)));
  }
  for (unsigned i = 0; i < explore::fact_count(); ++i) {
    if (explore::fact(i).frames[0] != 0) places.add(explore::fact(i).frames);
  }
  const explore::Outcome& outcome = explore::last_outcome();
  for (unsigned i = 0; i < outcome.access_count; ++i) places.add(outcome.accesses[i].frames);
  if (const std::uintptr_t address = address_of_accesses(outcome)) objects.add_access(address);
  for (std::uintptr_t address : objects.globals()) places.add_variable(address);
  places.symbolize();
  objects.name(finding, places);
  put_steps(finding, places, objects);
  put_ends(finding, places, objects);
  put_facts(finding, places);
  if (violation.kind == Kind::kLivelock || violation.kind == Kind::kNoProgress)
    put_repetitions(finding);
  put_accesses(finding, places, objects);
  put_sentence(finding, violation);
  return finding;
}

}  // namespace weft::report
