// The runtime: threads under test, who may run, and the one place where that is decided.
//
// Everything that the tested code calls (interpose_*.cc, tsan_*.cc) comes down to four steps: say
// what is about to be done (point(), or block() if it must wait), do it, tell what came of it
// (note()), and let those go on who waited for it (enable()).
//
// Thread safety: one exploration in a process; all of this runs on whichever context has the turn.
// Invariants:     (I1) `current` is the thread that runs, and `active` its thread pointer; 0
//                      outside an execution, so that controlled() is false on every other thread.
//                 (I2) a thread is in `ready` iff it could take its pending operation now.
//                 (I3) a thread has at most one pending operation and is in at most one WaitList.
//                 (I4) nothing here calls a function that the tested code may have replaced, and
//                      nothing here is a scheduling point but what says so.
//                 (I5) after an execution no state of it is left: tables are emptied by a new
//                      generation, not by walking them.
// Non-invariants: objects in the tables are alive. A destroyed one is forgotten when it says so.
#pragma once

#include <stdint.h>

#include "stress/explore/array.h"
#include "stress/explore/clocks.h"
#include "stress/explore/context.h"
#include "stress/explore/explore.h"
#include "stress/explore/lock_order.h"
#include "stress/explore/operation.h"
#include "stress/explore/strategy.h"

namespace weft::explore {

struct Thread;

// Threads that wait for one thing, the longest waiting first.
struct WaitList {
  Thread* first = nullptr;
  Thread* last = nullptr;

  bool empty() const { return first == nullptr; }
  void push(Thread& thread);
  void remove(Thread& thread);
};

inline constexpr int64_t kNever = INT64_MAX;

struct Thread {
  enum class State : uint8_t { kUnborn, kStarting, kAlive, kEnded };

  Context context;
  ThreadClock* clock = nullptr;    // of happens-before (clocks.h)
  ThreadClock* checked = nullptr;  // the same, unless its accesses need a closer look
  ThreadId id = 0;
  State state = State::kUnborn;
  bool timed_out = false;  // its wait was ended by time
  bool notified = false;   // its wait was ended by a notify
  bool detached = false;
  bool joined = false;
  uintptr_t handle = 0;       // its pthread_t; one that ended and was joined may have had it before
  uint16_t refused = 0;       // depth of begin_atomic() and of statics' initialisations
  uint16_t static_depth = 0;  // function-local statics that it is initialising
  Operation pending;
  int64_t deadline = kNever;

  // Of the list that it waits in.
  WaitList* list = nullptr;
  Thread* next = nullptr;
  Thread* previous = nullptr;
  uint32_t wait_mask = 0;  // of a futex wait

  // Return addresses of the functions that it is in, from func_entry; full stacks lose the
  // innermost.
  uintptr_t* frames = nullptr;
  uintptr_t* frames_end = nullptr;
  uintptr_t* frame = nullptr;
  uintptr_t stack_origin = 0;  // addresses on its stack are told relative to this

  void* (*function)(void*) = nullptr;
  void* argument = nullptr;
  void* result = nullptr;
  WaitList joiners;

  // Consecutive operations that changed nothing while nobody else changed anything.
  uint64_t quiet_since = 0;  // the value of `mutations`
  uint32_t quiet = 0;
  uint32_t repeats = 0;  // of the last one among them
  // The first different ones of them: a loop that waits for something has few.
  struct Look {
    uintptr_t pc;
    uintptr_t object;
    uint32_t times;
  };
  static constexpr uint32_t kLooks = 8;
  uint32_t look_count = 0;
  Look looks[kLooks] = {};
  uint64_t switches_at_yield = UINT64_MAX;  // when it last yielded
  uint32_t yields = 0;                      // without anybody else having had the turn
  uint32_t touched = 0;                     // objects that it was the first to touch
  LockHolder locks;
  unsigned started_at = 0;             // the event that tells so
  bool wait_is_limited = false;        // of waits_for: it ends by itself
  uintptr_t waits_for = 0;             // as told by the hooks of annotate.h
  uint64_t waits_since = 0;            // rt.steps when they told so
  bool could_go_on = false;            // when it last ceased to run; kept if recording
  uintptr_t recorded[Event::kFrames];  // where its last recorded point is, as Event::frames

  bool in_call = false;     // that the execution's guarantee is about
  uint64_t call_steps = 0;  // of that call so far

  char name[48] = {};
};

inline void WaitList::push(Thread& thread) {
  thread.list = this;
  thread.next = nullptr;
  thread.previous = last;
  (last == nullptr ? first : last->next) = &thread;
  last = &thread;
}

inline void WaitList::remove(Thread& thread) {
  (thread.previous == nullptr ? first : thread.previous->next) = thread.next;
  (thread.next == nullptr ? last : thread.next->previous) = thread.previous;
  thread.list = nullptr;
}

// Why the compare-exchange that is told next failed, for the record.
enum class ExchangeFailed : uint8_t { kNo, kValueDiffers, kForNoReason };

struct Decision {
  uint16_t index;
  uint16_t count;
};

struct Runtime {
  // Hot.
  uintptr_t active = 0;
  Thread* current = nullptr;
  ThreadClock* checked = nullptr;  // of the current thread
  uintptr_t* frame = nullptr;      // of the current thread
  uintptr_t* frames_end = nullptr;
  uint64_t executions = 0;  // begun in this process
  uint64_t steps = 0;
  uint64_t step_limit = 0;
  uint64_t mutations = 0;
  uint64_t last_mutation_step = 0;
  uint64_t digest = 0;
  uint64_t accesses = 0;
  uintptr_t root_stack = 0;  // an address in the frame of whoever has the body run
  bool plain_points = false;
  bool patient = false;
  bool recording = false;
  bool races = false;  // this execution is looked at for them
  bool covering = false;
  bool drew_random = false;  // the tested code has asked for random numbers
  ExchangeFailed exchange_failed = ExchangeFailed::kNo;
  uint64_t stored_over = 0;  // the value before the store that is told next, if recording

  ThreadSet ready;
  ThreadSet spinning;
  unsigned spinners = 0;
  unsigned thread_count = 0;  // made in this execution, the root included
  unsigned alive = 0;
  Array<Thread*> starting;
  Array<uintptr_t> free_handles;   // of threads that are gone, the last one's last
  Thread* started_from = nullptr;  // ran before those that have just started; null if none has
  Array<Thread*> timed;            // blocked ones that time can wake
  Candidates candidates;           // kept, because its words need no clearing then
  Strategy* strategy = nullptr;
  bool strategy_wants_steps = false;
  Array<Decision> decisions;
  unsigned spurious_left = 0;
  uint64_t switches = 0;
  Dice dice;  // of the seed: what the tested code asks for, and turns that are no decisions

  int64_t now = 0;  // nanoseconds of virtual time since the execution began
  int64_t clock_step = 0;
  uint64_t clock_mutations = 0;
  uint32_t clock_readings = 0;

  // Of lost_wakeup.h: the thread that is tried out, and what it waited at; of a recorded execution
  // the one that is known to have missed its wake-up.
  Thread* trial = nullptr;
  uintptr_t trial_object = 0;
  bool trial_is_told = false;  // the object is a condition that hooks tell of
  ThreadId lost = kNobody;

  // Of progress.h; the steps are those of calls.
  Guarantee guarantee;
  uint64_t steps_since_return = 0;
  // In a call; nobody else has taken a step, or begun a call, or returned from one, since its first
  // of `alone_steps`.
  Thread* alone = nullptr;
  uint64_t alone_steps = 0;

  // What the execution has come to.
  Outcome outcome;
  Array<Event> events;
  Array<Fact> facts;

  Thread* threads[kMaxThreads] = {};
  const Operation* pending[kMaxThreads] = {};  // of threads[i]
};

extern Runtime rt __attribute__((visibility("hidden")));

// Whether the calling thread is under test.
static inline bool controlled() { return thread_pointer() == rt.active; }

// A scheduling point: `operation` is about to be done and can be. Returns when it is this thread's
// turn to do it.
void point(const Operation& operation);

// The same for an operation that waits in `list` until someone enables the thread, or, unless
// `deadline` is kNever, until virtual time is so far. Returns when it is this thread's turn;
// current->timed_out says if time ended the wait; it is then in no list any more.
// `enabled` says that it need not wait at this moment.
void block(WaitList& list, const Operation& operation, bool enabled, int64_t deadline = kNever);

// A thread in a list can, or cannot, take its pending operation now.
inline void enable(Thread& thread) { rt.ready.add(thread.id); }
inline void disable(Thread& thread) { rt.ready.remove(thread.id); }
void forget_deadline(Thread& thread);
// Takes a thread out of its list and its timer away: its wait is over.
inline void end_wait(Thread& thread) {
  if (thread.list != nullptr) thread.list->remove(thread);
  if (thread.deadline != kNever) forget_deadline(thread);
}

// The current thread yields. If it has done so again and again, and nobody else has had the turn,
// the others go first.
void give_way();

// Tells what an operation did: for the trace, and for fairness. `changed`: others might see it.
void note(const Operation& operation, uint64_t value, bool changed);

// Tells something to the record alone: it is no part of the trace, and nothing follows from it.
void show(const Operation& operation, ThreadId other = kNobody);

// 0 when the strategy may not choose otherwise.
unsigned choose_value(Question question, unsigned n);
// Asks whether something happens that the standard allows but need not; has a budget.
bool choose_spurious(Question question);

// A new thread, which starts at the next point. Its id is in creation order.
Thread& create_thread(void* (*function)(void*), void* argument);
// The current thread has ended; does not return.
[[noreturn]] void end_thread(void* result);

// The execution is over, with this finding; the rest of it is abandoned. Text is copied.
[[noreturn]] void end_execution(Finding finding, const char* text, const char* detail = "");
// The running thread made a call that is not modelled, which returns to `pc`: a finding that names
// it. With `pc` 0 it was another thread's, whose record has it.
[[noreturn]] void refuse(const char* function, uintptr_t pc, const char* what_to_do);

// An address as a name that does not depend on where the program was loaded: equal in every
// execution of one binary.
uint64_t stable_address(uintptr_t address);
// By how many others were met before.
bool is_named_by_number(uintptr_t address);

}  // namespace weft::explore

#define WEFT_EXPLORE_PC() reinterpret_cast<uintptr_t>(__builtin_return_address(0))
