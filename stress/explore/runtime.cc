#include "stress/explore/runtime.h"

#include "stress/explore/conflicts.h"
#include "stress/explore/heap_scan.h"
#include "stress/explore/lost_wakeup.h"
#include "stress/explore/progress.h"
#include "stress/explore/record.h"
#include "stress/explore/scheduling.h"

namespace weft::explore {

Runtime rt;

namespace {

void add_timed(Candidates& candidates) {
  int64_t first = kNever;
  for (Thread* thread : rt.timed) {
    if (thread->deadline < first) first = thread->deadline;
  }
  const int64_t due = first > rt.now ? first : rt.now;
  for (Thread* thread : rt.timed) {
    if (thread->deadline > due || candidates.set.has(thread->id)) continue;
    candidates.set.add(thread->id);
    ++candidates.count;
  }
}

void fill(Candidates& candidates) {
  candidates.words = (rt.thread_count + 63) / 64;
  candidates.count = 0;
  unsigned word = 0;
  do {  // nearly always once
    const uint64_t bits = rt.ready.words[word] & ~rt.spinning.words[word];
    candidates.set.words[word] = bits;
    candidates.count += static_cast<unsigned>(__builtin_popcountll(bits));
  } while (++word < candidates.words);
  // Patience is with those, too, who only look, because they may be looking at a clock; but not for
  // ever, because they may be waiting for whom time must wake.
  constexpr uint64_t kPatience = 500;
  const bool patient =
      rt.patient &&
      (candidates.count > 0 || (rt.spinners > 0 && rt.steps - rt.last_mutation_step < kPatience));
  if (!rt.timed.empty() && !patient) add_timed(candidates);
  if (candidates.count > 0 || rt.spinners == 0) return;
  // Whoever spins has had its turn: now they may all look again.
  for (word = 0; word < candidates.words; ++word) {
    rt.spinning.words[word] = 0;
    candidates.set.words[word] = rt.ready.words[word];
    candidates.count += static_cast<unsigned>(__builtin_popcountll(rt.ready.words[word]));
  }
  rt.spinners = 0;
}

void wake_by_time(Thread& thread) {
  if (thread.deadline > rt.now) rt.now = thread.deadline;
  end_wait(thread);
  thread.timed_out = true;
  enable(thread);
}

// An execution that is half-way to its limit of steps goes on in turn, and one that has come three
// quarters of the way as the dice say, because turns can be in step with the program: a thread that
// wants a lock has its turn whenever another holds it. What does not end even so ends by no fair
// scheduler. (No question of the strategy's, so no decision.)
ThreadId next_in_turn(const Candidates& candidates) {
  if (rt.steps > rt.step_limit / 4 * 3) return candidates.at(rt.dice.below(candidates.count));
  for (unsigned i = 1; i <= rt.thread_count; ++i) {
    const auto id = static_cast<ThreadId>((candidates.current + i) % rt.thread_count);
    if (candidates.set.has(id)) return id;
  }
  return candidates.at(0);
}

bool has_guarantee() { return rt.guarantee.kind != Guarantee::Kind::kNone; }

// The root has ended too and waits for the others; it comes last.
bool only_root_is_left() { return rt.alive == 0; }

}  // namespace

Thread& next_thread() {
  if (rt.trial != nullptr) [[unlikely]]
    return next_in_trial();
  if (!rt.starting.empty()) {
    // In the order of creation. A start is no choice: what a thread does up to its first point
    // is its own affair.
    if (rt.started_from == nullptr) rt.started_from = rt.current;
    Thread& thread = *rt.starting[0];
    for (uint32_t i = 1; i < rt.starting.size(); ++i) rt.starting[i - 1] = rt.starting[i];
    rt.starting.pop();
    thread.state = Thread::State::kAlive;
    enable(thread);
    return thread;
  }
  // To go on with the thread that made them is no switch, and no preemption of theirs.
  const Thread& before = rt.started_from == nullptr ? *rt.current : *rt.started_from;
  rt.started_from = nullptr;
  if (only_root_is_left()) return *rt.threads[0];
  if (has_guarantee()) [[unlikely]]
    look_for_waiting_calls();
  Candidates& candidates = rt.candidates;
  fill(candidates);
  if (candidates.count == 0) return deadlocked();
  candidates.current = before.id;
  candidates.current_may = candidates.set.has(candidates.current);
  unsigned index = 0;
  ThreadId id;
  if (candidates.count == 1 || rt.steps > rt.step_limit / 2) {
    id = candidates.count == 1 ? candidates.at(0) : next_in_turn(candidates);
    if (rt.strategy_wants_steps) rt.strategy->step(id, *rt.pending[id]);
  } else {
    candidates.pending = rt.pending;
    id = rt.strategy->choose(candidates);
    if (id == kNobody) {
      end_execution(Finding::kNondeterminism,
                    "the same decisions led to another execution: the body depends on something "
                    "that the explorer does not control, such as an address, a file, a random "
                    "device, or a variable that outlives the execution");
    }
    index = candidates.index_of(id);
    rt.decisions.push({static_cast<uint16_t>(index), static_cast<uint16_t>(candidates.count)});
  }
  Thread& thread = *rt.threads[id];
  if (!rt.ready.has(id)) wake_by_time(thread);
  return thread;
}

void become(Thread& next) {
  ++rt.switches;
  rt.current = &next;
  rt.checked = next.checked;
  rt.frame = next.frame;
  rt.frames_end = next.frames_end;
  rt.active = next.context.tcb;
}

namespace {

void go_on_with(Thread& next) {
  Thread& me = *rt.current;
  if (&next == &me) return;
  if (rt.recording) [[unlikely]]
    me.could_go_on = rt.ready.has(me.id);
  me.frame = rt.frame;
  become(next);
  context_switch(me.context, next.context);
}

void count_step() {
  if (has_guarantee()) [[unlikely]]
    count_step_of_call();
  if (++rt.steps > rt.step_limit) [[unlikely]] {
    end_execution(Finding::kLivelock,
                  "the execution has not ended after its limit of steps, though "
                  "for half of them the threads went on by turns and by dice");
  }
}

constexpr uint64_t kQuietSteps = 5'000;

void check_progress() {
  if (rt.steps - rt.last_mutation_step > kQuietSteps) [[unlikely]] {
    end_execution(Finding::kLivelock, "threads run, but none has changed anything for long");
  }
}

}  // namespace

void forget_deadline(Thread& thread) {
  thread.deadline = kNever;
  for (Thread*& timed : rt.timed) {
    if (timed != &thread) continue;
    timed = rt.timed.back();
    rt.timed.pop();
    return;
  }
}

namespace {

// Fairness. A thread that looks again and again while nothing changes sees nothing new. So, from
// the third on, its looks are no scheduling points: whoever spins for a while before going to sleep
// must be able to come that far without anyone changing anything, and in few decisions. A thread
// that looks more often than kMostLooks lets the others go first until something does change.
constexpr uint32_t kFewLooks = 3;
constexpr uint32_t kMostLooks = 64;

Thread::Look* find_look(Thread& thread, const Operation& operation) {
  for (uint32_t i = 0; i < thread.look_count; ++i) {
    Thread::Look& look = thread.looks[i];
    if (look.pc == operation.pc && look.object == operation.object) return &look;
  }
  return nullptr;
}

bool sees_nothing_new(Thread& me, const Operation& operation) {
  if (me.repeats < kFewLooks || me.quiet_since != rt.mutations ||
      me.quiet >= most_looks(me, kMostLooks)) {
    return false;
  }
  const Thread::Look* look = find_look(me, operation);
  return look != nullptr && look->times >= kFewLooks;
}

}  // namespace

void point(const Operation& operation) {
  Thread& me = *rt.current;
  me.pending = operation;
  if (rt.recording) [[unlikely]]
    record_place(me, operation.pc);
  if (me.refused != 0 || sees_nothing_new(me, operation)) {
    if (me.refused == 0) count_step();
    if (rt.strategy_wants_steps) rt.strategy->step(me.id, operation);
    return;
  }
  count_step();
  go_on_with(next_thread());
}

void block(WaitList& list, const Operation& operation, bool enabled, int64_t deadline) {
  Thread& me = *rt.current;
  me.pending = operation;
  me.timed_out = false;
  list.push(me);
  if (deadline != kNever) {
    me.deadline = deadline;
    me.pending.timed = true;
    rt.timed.push(&me);
  }
  if (rt.recording) [[unlikely]] {
    record_place(me, operation.pc);
    if (!enabled) record(me.pending, {.blocked = true});
  }
  if (!enabled) disable(me);
  count_step();
  go_on_with(next_thread());
  end_wait(me);
}

namespace {

void let_others_first(Thread& me) {
  if (rt.spinning.has(me.id)) return;
  rt.spinning.add(me.id);
  ++rt.spinners;
}

void be_fair(Thread& me, const Operation& operation) {
  if (me.quiet_since != rt.mutations) {
    me.quiet_since = rt.mutations;
    me.quiet = me.repeats = me.look_count = 0;
  }
  ++me.quiet;
  me.repeats = 0;
  if (Thread::Look* look = find_look(me, operation)) {
    me.repeats = ++look->times;
  } else if (me.look_count < Thread::kLooks) {
    me.looks[me.look_count++] = {operation.pc, operation.object, 1};
  }
  if (me.quiet < most_looks(me, kMostLooks)) return;
  let_others_first(me);
  check_progress();
}

}  // namespace

void someone_changed_something() {
  ++rt.mutations;
  rt.last_mutation_step = rt.steps;
  if (rt.spinners == 0) return;
  for (uint64_t& word : rt.spinning.words) word = 0;
  rt.spinners = 0;
}

namespace {

uint64_t mixed(uint64_t hash, uint64_t value) {
  hash = (hash ^ value) * 0x9E3779B97F4A7C15u;
  return hash ^ (hash >> 29);
}

}  // namespace

void give_way() {
  // More often than a wait of libstdc++'s does before it sleeps, which must be able to come so far.
  constexpr uint32_t kMostYields = 8;
  Thread& me = *rt.current;
  me.yields = me.switches_at_yield == rt.switches ? me.yields + 1 : 0;
  me.switches_at_yield = rt.switches;
  if (me.yields > most_looks(me, kMostYields)) let_others_first(me);
}

void note(const Operation& operation, uint64_t value, bool changed) {
  Thread& me = *rt.current;
  if (changed) {
    someone_changed_something();
  } else {
    be_fair(me, operation);
  }
  // An address is no part of a trace, because it changes from load to load; small values are, but
  // for those of what earlier executions may have changed.
  if (me.static_depth != 0) {
    rt.exchange_failed = ExchangeFailed::kNo;
    return;
  }
  const bool is_own = !outlives_execution(operation.object);
  const uint64_t shown = value <= UINT32_MAX && is_own ? value : 0;
  rt.digest = mixed(rt.digest, stable_address(operation.object) ^ (uint64_t(me.id) << 52) ^
                                   (uint64_t(operation.op) << 44));
  rt.digest = mixed(rt.digest, shown);
  if (rt.covering) cover(me.id, operation);
  if (rt.recording) [[unlikely]]
    record(operation, {.value = value, .changed = changed});
  rt.exchange_failed = ExchangeFailed::kNo;
}

void show(const Operation& operation, ThreadId other) {
  if (!rt.recording) return;
  // No point() has seen where it is; and two calls of one function of a library have one pc.
  record_place(*rt.current, operation.pc);
  record(operation, {.other = other});
}

unsigned choose_value(Question question, unsigned n) {
  if (n <= 1 || rt.trial != nullptr) return 0;
  const unsigned value = rt.strategy->choose_value(question, n);
  rt.decisions.push({static_cast<uint16_t>(value), static_cast<uint16_t>(n)});
  return value;
}

bool choose_spurious(Question question) {
  if (rt.spurious_left == 0 || choose_value(question, 2) == 0) return false;
  --rt.spurious_left;
  return true;
}

}  // namespace weft::explore
