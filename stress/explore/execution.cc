// One execution: its threads from beginning to end, and its own end.
#include "stress/explore/conflicts.h"
#include "stress/explore/end_checks.h"
#include "stress/explore/heap.h"
#include "stress/explore/held_locks.h"
#include "stress/explore/library_state.h"
#include "stress/explore/lost_wakeup.h"
#include "stress/explore/objects.h"
#include "stress/explore/races.h"
#include "stress/explore/record.h"
#include "stress/explore/runtime.h"
#include "stress/explore/scheduling.h"
#include "stress/explore/startup.h"
#include "stress/explore/test_framework.h"
#include "stress/explore/thread_end.h"
#include "stress/explore/thread_storage.h"

// Of the C++ ABI: the exceptions that the calling thread handles. Null in a program of C.
struct ExceptionState {
  void* caught = nullptr;
  unsigned uncaught = 0;
};
extern "C" __attribute__((weak)) ExceptionState* __cxa_get_globals();

namespace weft::explore {

uintptr_t stack_stride = 256 << 10;

namespace {

constexpr uintptr_t kGuard = 4096;
constexpr unsigned kFrames = 4096;

// At equal offsets in their pages all Threads would share a few lines of the processor's first
// cache. So each begins some lines beside its neighbours.
uintptr_t shift_of(unsigned id) { return id * 11 % 64 * 64; }

Backend backend = Backend::kFibers;
bool prepared = false;
const char* unprepared_because = nullptr;

void (*body_function)(void*) = nullptr;
void* body_argument = nullptr;

Thread& thread_at(unsigned id) {
  Thread*& slot = rt.threads[id];
  if (slot == nullptr) {
    const uintptr_t memory = map_memory(0, 4096 + sizeof(Thread) + kFrames * sizeof(uintptr_t));
    if (memory == 0) raw_die("no memory for another thread under test");
    slot = reinterpret_cast<Thread*>(memory + shift_of(id));
    auto* frames = reinterpret_cast<uintptr_t*>(slot + 1);
    slot->id = static_cast<ThreadId>(id);
    slot->clock = &thread_clocks[id];
    slot->frames = frames;
    slot->frames_end = frames + kFrames;
    rt.pending[id] = &slot->pending;
  }
  return *slot;
}

void reset_thread(Thread& thread) {
  thread.state = Thread::State::kUnborn;
  thread.timed_out = thread.notified = thread.detached = thread.joined = false;
  thread.refused = thread.static_depth = 0;
  thread.pending = {};
  thread.deadline = kNever;
  thread.list = nullptr;
  thread.next = thread.previous = nullptr;
  thread.joiners = {};
  thread.frame = thread.frames;
  thread.quiet = thread.repeats = thread.look_count = 0;
  thread.quiet_since = 0;
  thread.switches_at_yield = UINT64_MAX;
  thread.yields = 0;
  thread.touched = 0;
  thread.waits_for = 0;
  thread.wait_is_limited = false;
  thread.locks = {};
  thread.could_go_on = false;
  thread.in_call = false;
  thread.recorded[0] = 0;
  thread.name[0] = '\0';
  thread.checked = rt.races && !rt.recording ? thread.clock : nullptr;
}

void prepare_root_stack(Thread& root) {
  if (root.context.stack != 0) return;
  if (map_memory(kRootStack, kRootStackBytes) != kRootStack)
    raw_die("no memory for the root's stack");
  forbid_memory(kRootStack, kGuard);
  context_prepare(root.context, kRootStack, kRootStackBytes, 0);
}

void run_root() {
  Thread& root = thread_at(0);
  root.stack_origin = kRootStack + kRootStackBytes;
  rt.current = &root;
  rt.checked = root.checked;
  rt.frame = root.frames;
  rt.frames_end = root.frames_end;
  rt.active = root.handle = root.context.tcb;
  body_function(body_argument);
  leave_root();
  rt.active = 0;
}

void begin_thread() {
  Thread& me = *rt.current;
  me.stack_origin = reinterpret_cast<uintptr_t>(__builtin_frame_address(0));
  end_thread(me.function(me.argument));
}

}  // namespace

void leave_root() {
  Thread& root = *rt.threads[0];
  root.state = Thread::State::kEnded;
  --rt.alive;
  for (Thread* joiner = root.joiners.first; joiner != nullptr; joiner = joiner->next) {
    enable(*joiner);
  }
  if (rt.alive == 0) return;
  Operation wait_for_all;
  wait_for_all.op = Op::kJoin;
  WaitList nobody;
  block(nobody, wait_for_all, false);
}

void copy_text(char* to, size_t size, const char* text, const char* more) {
  size_t at = 0;
  const char* const parts[] = {text, more};
  for (const char* part : parts) {
    for (; *part != '\0' && at + 1 < size; ++part) to[at++] = *part;
  }
  to[at] = '\0';
}

static void give_stack(Thread& thread) {
  if (thread.context.stack != 0) return;
  const uintptr_t stack = kStacks + thread.id * stack_stride;
  if (map_memory(stack, stack_stride) != stack) raw_die("no memory for another stack");
  forbid_memory(stack, kGuard);
  context_prepare(thread.context, stack, stack_stride, kDonors + thread.id * kDonorStack);
}

void prepare_threads(unsigned count) {
  if (backend != Backend::kFibers) return;
  for (unsigned id = 1; id < count && id < kMaxThreads; ++id) {
    Thread& thread = thread_at(id);
    give_stack(thread);
    if (thread.context.donor_tcb == 0) context_arm(thread.context, begin_thread);
  }
}

void map_memory_of_threads(unsigned count) {
  prepare_root_stack(thread_at(0));
  prepare_threads(count);
  heap_open(count);
}

Thread& create_thread(void* (*function)(void*), void* argument) {
  if (rt.thread_count == kMaxThreads) {
    end_execution(Finding::kNotModelled, "more threads than the explorer has room for (512)");
  }
  const unsigned id = rt.thread_count;
  Thread& thread = thread_at(id);
  reset_thread(thread);
  give_stack(thread);
  {
    const Outside outside;  // making a kernel thread calls malloc, for one
    context_arm(thread.context, begin_thread);
  }
  thread.handle = thread.context.tcb;
  if (!rt.free_handles.empty()) {
    thread.handle = rt.free_handles.back();
    rt.free_handles.pop();
  }
  thread.function = function;
  thread.argument = argument;
  thread.state = Thread::State::kStarting;
  ++rt.thread_count;
  if (rt.races) fork_clock(my_clock());
  ++rt.alive;
  rt.starting.push(&thread);
  return thread;
}

void end_thread(void* result) {
  run_thread_end();
  Thread& me = *rt.current;
  // Whoever joins with a limit may give up before this thread has ended, however little it has left
  // to do. (Of other threads nothing depends on when just that is.)
  const Thread* joiner = me.joiners.first;
  if (joiner != nullptr && joiner->deadline != kNever) point(Operation::made(Op::kAsk, 0, 0));
  me.result = result;
  me.could_go_on = false;
  me.state = Thread::State::kEnded;
  me.pending = {};
  disable(me);
  --rt.alive;
  if (me.detached) rt.free_handles.push(me.handle);
  someone_changed_something();
  for (Thread* waiting = me.joiners.first; waiting != nullptr; waiting = waiting->next) {
    enable(*waiting);
  }
  Thread& next = next_thread();
  become(next);
  context_leave(me.context, next.context);
}

void end_execution(Finding finding, const char* text, const char* detail) {
  if (rt.trial != nullptr) {
    end_trial();
    rt.active = 0;
    context_abandon();
  }
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
  if (rt.recording && pc != 0) record_refused(pc);
  char text[256];
  copy_text(text, sizeof text, function, " is not modelled by the explorer: ");
  end_execution(Finding::kNotModelled, text, what_to_do);
}

const char* prepare() {
  if (prepared) return unprepared_because;
  prepared = true;
  if (!fibers_available()) backend = Backend::kKernelThreads;
  context_use(backend);
  find_thread_storage();
  know_test_framework();
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
  rt.outcome.inverted = rt.outcome.was_tried = rt.outcome.of_no_interest = false;
  rt.outcome.lost = kNobody;
  rt.lost = limits.lost;
  rt.trial = nullptr;
  rt.guarantee = limits.guarantee;
  rt.steps_since_return = 0;
  rt.alone = nullptr;
  ++rt.executions;
  rt.steps = rt.mutations = rt.last_mutation_step = rt.digest = rt.accesses = rt.switches = 0;
  rt.step_limit = limits.steps;
  rt.spurious_left = limits.spurious;
  rt.plain_points = limits.plain_points;
  rt.patient = limits.patient;
  rt.recording = limits.record;
  rt.races = limits.races;
  rt.outcome.access_count = 0;
  rt.covering = limits.cover;
  if (rt.covering) begin_cover();
  rt.drew_random = false;
  rt.ready = {};
  rt.spinning = {};
  rt.spinners = 0;
  rt.starting.clear();
  rt.free_handles.clear();
  rt.started_from = nullptr;
  rt.timed.clear();
  rt.decisions.clear();
  rt.events.clear();
  rt.facts.clear();
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
  lock_order.begin_execution();
  begin_races();
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
  if (rt.outcome.finding == Finding::kNone) look_at_end(limits);
  const bool ended_well = rt.outcome.finding == Finding::kNone && !rt.outcome.inverted;
  const Leaked leaked =
      heap_end_execution(limits.leaks && ended_well && !rt.outcome.of_no_interest);
  if (leaked.first != 0) report_leak(leaked.first, leaked.blocks);
  return rt.outcome;
}

}  // namespace weft::explore
