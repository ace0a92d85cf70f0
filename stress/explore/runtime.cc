#include "stress/explore/runtime.h"

#include "stress/explore/heap.h"
#include "stress/explore/heap_scan.h"
#include "stress/explore/library_state.h"
#include "stress/explore/objects.h"
#include "stress/explore/record.h"
#include "stress/explore/startup.h"
#include "stress/explore/thread_end.h"
#include "stress/explore/thread_storage.h"

// Of the C++ ABI: the exceptions that the calling thread handles. Null in a program of C.
struct ExceptionState {
  void* caught = nullptr;
  unsigned uncaught = 0;
};
extern "C" __attribute__((weak)) ExceptionState* __cxa_get_globals();

namespace weft::explore {

Runtime rt;

namespace {

// Where stacks and heap lie is fixed, so that addresses repeat whatever the kernel randomises.
constexpr uintptr_t kStacks = 0x6f00'0000'0000;
constexpr uintptr_t kRootStack = 0x6e80'0000'0000;
constexpr uintptr_t kRootStackBytes = uintptr_t{8} << 20;  // as a main thread has it
constexpr uintptr_t kDonors = 0x6d00'0000'0000;
constexpr uintptr_t kGuard = 4096;
constexpr unsigned kFrames = 4096;

uintptr_t stack_stride = 256 << 10;
Backend backend = Backend::kFibers;
bool prepared = false;
const char* unprepared_because = nullptr;

void (*body_function)(void*) = nullptr;
void* body_argument = nullptr;

void copy_text(char* to, size_t size, const char* text, const char* more = "") {
  size_t at = 0;
  const char* const parts[] = {text, more};
  for (const char* part : parts) {
    for (; *part != '\0' && at + 1 < size; ++part) to[at++] = *part;
  }
  to[at] = '\0';
}

Thread& thread_at(unsigned id) {
  Thread*& slot = rt.threads[id];
  if (slot == nullptr) {
    slot = reinterpret_cast<Thread*>(map_memory(0, sizeof(Thread)));
    auto* frames = reinterpret_cast<uintptr_t*>(map_memory(0, kFrames * sizeof(uintptr_t)));
    if (slot == nullptr || frames == nullptr) raw_die("no memory for another thread under test");
    slot->id = static_cast<ThreadId>(id);
    slot->frames = frames;
    slot->frames_end = frames + kFrames;
    rt.pending[id] = &slot->pending;
  }
  return *slot;
}

void reset_thread(Thread& thread) {
  thread.state = Thread::State::kUnborn;
  thread.timed_out = thread.notified = thread.detached = thread.joined = thread.spinning = false;
  thread.refused = thread.static_depth = 0;
  thread.pending = {};
  thread.deadline = kNever;
  thread.list = nullptr;
  thread.next = thread.previous = nullptr;
  thread.joiners = {};
  thread.frame = thread.frames;
  thread.quiet = thread.repeats = thread.look_count = 0;
  thread.quiet_since = 0;
  thread.touched = 0;
  thread.waits_for = 0;
  thread.could_go_on = false;
  thread.recorded[0] = 0;
  thread.name[0] = '\0';
}

uint64_t mixed(uint64_t hash, uint64_t value) {
  hash = (hash ^ value) * 0x9E3779B97F4A7C15u;
  return hash ^ (hash >> 29);
}

void prepare_root_stack(Thread& root) {
  if (root.context.stack != 0) return;
  if (map_memory(kRootStack, kRootStackBytes) != kRootStack) raw_die("no memory for the root's stack");
  forbid_memory(kRootStack, kGuard);
  context_prepare(root.context, kRootStack, kRootStackBytes, 0);
}

void run_root() {
  Thread& root = thread_at(0);
  root.stack_origin = kRootStack + kRootStackBytes;
  rt.current = &root;
  rt.frame = root.frames;
  rt.frames_end = root.frames_end;
  rt.active = root.context.tcb;
  body_function(body_argument);
  // The body has ended; the threads that it left go on until they end as well.
  root.state = Thread::State::kEnded;
  --rt.alive;
  if (rt.alive > 0) {
    Operation wait_for_all;
    wait_for_all.op = Op::kJoin;
    WaitList nobody;
    block(nobody, wait_for_all, false);
  }
  rt.active = 0;
}

void begin_thread() {
  Thread& me = *rt.current;
  me.stack_origin = reinterpret_cast<uintptr_t>(__builtin_frame_address(0));
  end_thread(me.function(me.argument));
}

// --- Who goes on -------------------------------------------------------------

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
  for (unsigned word = 0; word < candidates.words; ++word) {
    const uint64_t bits = rt.ready.words[word] & ~rt.spinning.words[word];
    candidates.set.words[word] = bits;
    candidates.count += static_cast<unsigned>(__builtin_popcountll(bits));
  }
  // Patience is with those, too, who only look, because they may be looking at a clock; but not for
  // ever, because they may be waiting for whom time must wake.
  constexpr uint64_t kPatience = 500;
  const bool patient = rt.patient && (candidates.count > 0 ||
                                      (rt.spinners > 0 &&
                                       rt.steps - rt.last_mutation_step < kPatience));
  if (!rt.timed.empty() && !patient) add_timed(candidates);
  if (candidates.count > 0 || rt.spinners == 0) return;
  // Whoever spins has had its turn: now they may all look again.
  for (unsigned word = 0; word < candidates.words; ++word) {
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

// The root has ended too and waits for the others; it comes last.
bool only_root_is_left() { return rt.alive == 0; }

Thread& next_thread() {
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
  Candidates& candidates = rt.candidates;
  fill(candidates);
  if (candidates.count == 0) end_execution(Finding::kDeadlock, "");
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

void go_on_with(Thread& next) {
  Thread& me = *rt.current;
  if (&next == &me) return;
  ++rt.switches;
  if (rt.recording) [[unlikely]]
    me.could_go_on = rt.ready.has(me.id);
  me.frame = rt.frame;
  rt.current = &next;
  rt.frame = next.frame;
  rt.frames_end = next.frames_end;
  rt.active = next.context.tcb;
  context_switch(me.context, next.context);
}

void count_step() {
  if (++rt.steps > rt.step_limit) [[unlikely]] {
    end_execution(Finding::kLivelock, "the execution has not ended after its limit of steps, though "
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

// --- Lists -------------------------------------------------------------------

void WaitList::push(Thread& thread) {
  thread.list = this;
  thread.next = nullptr;
  thread.previous = last;
  (last == nullptr ? first : last->next) = &thread;
  last = &thread;
}

void WaitList::remove(Thread& thread) {
  (thread.previous == nullptr ? first : thread.previous->next) = thread.next;
  (thread.next == nullptr ? last : thread.next->previous) = thread.previous;
  thread.list = nullptr;
}

void enable(Thread& thread) { rt.ready.add(thread.id); }
void disable(Thread& thread) { rt.ready.remove(thread.id); }

void end_wait(Thread& thread) {
  if (thread.list != nullptr) thread.list->remove(thread);
  if (thread.deadline == kNever) return;
  thread.deadline = kNever;
  for (Thread*& timed : rt.timed) {
    if (timed != &thread) continue;
    timed = rt.timed.back();
    rt.timed.pop();
    return;
  }
}

// --- Points ------------------------------------------------------------------

namespace {

// Fairness. A thread that looks again and again while nothing changes sees nothing new. So, from the
// third on, its looks are no scheduling points: whoever spins for a while before going to sleep must
// be able to come that far without anyone changing anything, and in few decisions. A thread that looks
// more often than kMostLooks lets the others go first until something does change.
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
  if (me.repeats < kFewLooks || me.quiet_since != rt.mutations || me.quiet >= kMostLooks) {
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
  if (me.quiet < kMostLooks) return;
  if (!rt.spinning.has(me.id)) {
    rt.spinning.add(me.id);
    ++rt.spinners;
  }
  check_progress();
}

void someone_changed_something() {
  ++rt.mutations;
  rt.last_mutation_step = rt.steps;
  if (rt.spinners == 0) return;
  for (uint64_t& word : rt.spinning.words) word = 0;
  rt.spinners = 0;
}

}  // namespace

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
  const uint64_t shown =
      value <= UINT32_MAX && !outlives_execution(operation.object) ? value : 0;
  rt.digest = mixed(rt.digest, stable_address(operation.object) ^ (uint64_t(me.id) << 52) ^
                                   (uint64_t(operation.op) << 44));
  rt.digest = mixed(rt.digest, shown);
  if (rt.recording) [[unlikely]]
    record(operation, {.value = value, .changed = changed});
  rt.exchange_failed = ExchangeFailed::kNo;
}

void show(const Operation& operation, ThreadId other) {
  if (rt.recording) record(operation, {.other = other});
}

unsigned choose_value(Question question, unsigned n) {
  if (n <= 1) return 0;
  const unsigned value = rt.strategy->choose_value(question, n);
  rt.decisions.push({static_cast<uint16_t>(value), static_cast<uint16_t>(n)});
  return value;
}

bool choose_spurious(Question question) {
  if (rt.spurious_left == 0 || choose_value(question, 2) == 0) return false;
  --rt.spurious_left;
  return true;
}

// --- Threads -----------------------------------------------------------------

Thread& create_thread(void* (*function)(void*), void* argument) {
  if (rt.thread_count == kMaxThreads) {
    end_execution(Finding::kNotModelled, "more threads than the explorer has room for (512)");
  }
  const unsigned id = rt.thread_count;
  Thread& thread = thread_at(id);
  reset_thread(thread);
  if (thread.context.stack == 0) {
    const uintptr_t stack = kStacks + id * stack_stride;
    if (map_memory(stack, stack_stride) != stack) raw_die("no memory for another stack");
    forbid_memory(stack, kGuard);
    context_prepare(thread.context, stack, stack_stride, kDonors + id * kDonorStack);
  }
  {
    const Outside outside;  // making a kernel thread calls malloc, for one
    context_arm(thread.context, begin_thread);
  }
  thread.function = function;
  thread.argument = argument;
  thread.state = Thread::State::kStarting;
  ++rt.thread_count;
  ++rt.alive;
  rt.starting.push(&thread);
  return thread;
}

void end_thread(void* result) {
  run_thread_end();
  Thread& me = *rt.current;
  me.result = result;
  me.could_go_on = false;
  me.state = Thread::State::kEnded;
  me.pending = {};
  disable(me);
  --rt.alive;
  someone_changed_something();
  for (Thread* joiner = me.joiners.first; joiner != nullptr; joiner = joiner->next) {
    enable(*joiner);
  }
  Thread& next = next_thread();
  ++rt.switches;
  rt.current = &next;
  rt.frame = next.frame;
  rt.frames_end = next.frames_end;
  rt.active = next.context.tcb;
  context_leave(me.context, next.context);
}

// --- The end of an execution -------------------------------------------------

void end_execution(Finding finding, const char* text, const char* detail) {
  if (rt.recording && (finding == Finding::kDeadlock || finding == Finding::kMisuse)) {
    record_last_operation(finding == Finding::kDeadlock);
  }
  rt.outcome.finding = finding;
  rt.outcome.thread = rt.current->id;
  copy_text(rt.outcome.text, sizeof rt.outcome.text, text, detail);
  rt.current->frame = rt.frame;
  rt.active = 0;
  context_abandon();
}

void refuse(const char* function, uintptr_t pc, const char* what_to_do) {
  rt.current->pending.pc = pc;
  char text[256];
  copy_text(text, sizeof text, function, " is not modelled by the explorer: ");
  end_execution(Finding::kNotModelled, text, what_to_do);
}

namespace {

bool is_on_thread_stack(uintptr_t address) {
  return address - kStacks < kMaxThreads * stack_stride;
}
// The body's, and some of its caller's.
bool is_on_root_stack(uintptr_t address) {
  return address - kRootStack < kRootStackBytes;
}

}  // namespace

// Of the heap; of a library, or made by libc's malloc before the execution: how far those lie from
// the program is decided anew in every process.
bool is_named_by_number(uintptr_t address) {
  return !is_on_thread_stack(address) && !is_on_root_stack(address) && !is_in_program(address);
}

uint64_t stable_address(uintptr_t address) {
  if (address == 0) return 0;
  if (is_on_thread_stack(address)) {
    const auto id = (address - kStacks) / stack_stride;
    const uintptr_t origin = rt.threads[id] == nullptr ? 0 : rt.threads[id]->stack_origin;
    return (uint64_t{1} << 40) ^ (id << 32) ^ uint32_t(origin - address);
  }
  if (heap_owns(address)) return (uint64_t{2} << 40) ^ number_of_heap_object(address);
  if (is_on_root_stack(address)) return (uint64_t{3} << 40) ^ (address - kRootStack);
  if (is_in_program(address)) return (uint64_t{4} << 40) ^ (address - load_address());
  return (uint64_t{5} << 40) ^ number_of_heap_object(address);
}

// --- The interface -----------------------------------------------------------

const char* prepare() {
  if (prepared) return unprepared_because;
  prepared = true;
  if (!fibers_available()) backend = Backend::kKernelThreads;
  context_use(backend);
  find_thread_storage();
  unprepared_because = check_interposition();
  return unprepared_because;
}

void use_kernel_threads(bool wanted) {
  backend = wanted || !fibers_available() ? Backend::kKernelThreads : Backend::kFibers;
  context_use(backend);
}
bool uses_kernel_threads() { return backend == Backend::kKernelThreads; }

void set_stack_bytes(size_t bytes) {
  uintptr_t stride = 64 << 10;
  while (stride < bytes) stride *= 2;
  if (stride == stack_stride) return;
  for (Thread* thread : rt.threads) {
    if (thread == nullptr || thread->id == 0 || thread->context.stack == 0) continue;
    raw_syscall(SYS_munmap, long(thread->context.stack), long(stack_stride));
    thread->context.stack = 0;
  }
  stack_stride = stride;
}

const Outcome& execute(void (*body)(void*), void* argument, Strategy& strategy, uint64_t seed,
                       const Limits& limits) {
  if (const char* why = prepare()) raw_die(why);
  if (rt.active != 0) raw_die("an exploration was begun inside an exploration");
  body_function = body;
  body_argument = argument;
  rt.outcome.finding = Finding::kNone;
  rt.outcome.text[0] = '\0';
  rt.outcome.thread = kNobody;
  rt.steps = rt.mutations = rt.last_mutation_step = rt.digest = rt.accesses = rt.switches = 0;
  rt.step_limit = limits.steps;
  rt.spurious_left = limits.spurious;
  rt.plain_points = limits.plain_points;
  rt.patient = limits.patient;
  rt.recording = limits.record;
  rt.ready = {};
  rt.spinning = {};
  rt.spinners = 0;
  rt.starting.clear();
  rt.started_from = nullptr;
  rt.timed.clear();
  rt.decisions.clear();
  rt.events.clear();
  rt.dice.seed(seed);
  rt.strategy = &strategy;
  rt.strategy_wants_steps = strategy.wants_steps();
  rt.now = 0;
  rt.clock_step = 0;
  rt.clock_mutations = UINT64_MAX;
  Thread& root = thread_at(0);
  reset_thread(root);
  root.state = Thread::State::kAlive;
  rt.thread_count = rt.alive = 1;
  enable(root);
  forget_objects();
  reset_library_state();
  heap_begin_execution();
  // An abandoned execution may leave the root inside a catch block.
  ExceptionState* exceptions = __cxa_get_globals == nullptr ? nullptr : __cxa_get_globals();
  const ExceptionState before = exceptions == nullptr ? ExceptionState{} : *exceptions;
  if (strategy.begin(seed)) {
    prepare_root_stack(root);
    rt.root_stack = reinterpret_cast<uintptr_t>(__builtin_frame_address(0));
    context_home(root.context, run_root);
    rt.active = 0;
    Context* contexts[kMaxThreads];
    for (unsigned i = 1; i < rt.thread_count; ++i) contexts[i] = &rt.threads[i]->context;
    context_settle(contexts + 1, rt.thread_count - 1);
    forget_thread_ends();
    if (exceptions != nullptr && rt.outcome.finding != Finding::kNone) *exceptions = before;
  }
  heap_end_execution();
  return rt.outcome;
}

uint64_t trace_digest() { return rt.digest; }
Counters counters() { return {rt.steps, rt.switches, rt.accesses, rt.thread_count}; }
unsigned thread_count() { return rt.thread_count; }

ThreadFacts thread_facts(ThreadId id) {
  const Thread& thread = *rt.threads[id];
  const uintptr_t waits_at = thread.waits_for != 0 ? thread.waits_for : thread.pending.object;
  return {.name = thread.name,
          .ended = thread.state == Thread::State::kEnded,
          .ready = rt.ready.has(id),
          .pending = thread.pending,
          .waits_at = waits_at,
          .waits_for = other_thread_of(thread.pending, waits_at),
          .frames = thread.recorded};
}

ObjectFacts object_facts(uintptr_t address) {
  ObjectFacts facts;
  for (unsigned i = 0; i < object_count(); ++i) {
    const Object& object = object_at(i);
    if (object.address != address || object.kind == Kind::kNumber) continue;
    if (object.kind == Kind::kAnnotated || facts.kind == nullptr) {
      facts.kind = object.type_name != nullptr ? object.type_name : name_of(object.kind);
    }
    if (object.name[0] != '\0') facts.name = object.name;
    if (object.owner != nullptr) facts.owner = object.owner->id;
  }
  return facts;
}

ObjectFacts object_facts_at(uint32_t number) {
  const Object& object = object_at(number - 1);
  return {.kind = object.type_name,
          .name = object.name,
          .owner = object.owner == nullptr ? kNobody : object.owner->id};
}

MemoryKind memory_of(uint64_t stable_name) {
  return static_cast<MemoryKind>(stable_name >> 40);
}

unsigned decision_count() { return rt.decisions.size(); }
uint16_t decision(unsigned i) { return rt.decisions[i].index; }
uint16_t decision_choices(unsigned i) { return rt.decisions[i].count; }
unsigned event_count() { return rt.events.size(); }
const Event& event(unsigned i) { return rt.events[i]; }
uint64_t stable_name(uintptr_t address) { return stable_address(address); }

void abandon_execution(Finding finding, const char* text) { end_execution(finding, text); }
bool inside() { return controlled(); }
ThreadId this_thread_id() { return rt.current->id; }
bool is_blocked(ThreadId id) {
  return rt.threads[id]->state == Thread::State::kAlive && !rt.ready.has(id);
}
void set_thread_name(const char* name) {
  copy_text(rt.current->name, sizeof rt.current->name, name);
}
Outside::Outside() : was_(rt.active) { rt.active = 0; }
Outside::~Outside() { rt.active = was_; }
Uncounted::Uncounted() : was_(rt.accesses) {}
Uncounted::~Uncounted() { rt.accesses = was_; }
void count_accesses_but(uint64_t uncounted) { rt.accesses = -uncounted; }
void exempt_mutexes(const void* begin, size_t bytes) {
  rt.exempt_begin = reinterpret_cast<uintptr_t>(begin);
  rt.exempt_bytes = bytes;
}
void begin_atomic() { ++rt.current->refused; }
void end_atomic() { --rt.current->refused; }

const char* name_of(Finding finding) {
  constexpr const char* kNames[] = {"none",   "deadlock", "livelock", "abort",        "exception",
                                    "signal", "exit",     "misuse",   "not modelled", "stale",
                                    "nondeterminism"};
  return kNames[static_cast<unsigned>(finding)];
}

}  // namespace weft::explore
