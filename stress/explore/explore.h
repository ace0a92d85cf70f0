// One execution of a body under the controlled scheduler.
//
// This is the runtime's own interface; tests use weft::check (stress/check.h), which explores in
// the mode *explore*. Depends on libc alone.
//
// Thread safety: one exploration in a process at a time, from one thread.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "stress/explore/guarantee.h"
#include "stress/explore/operation.h"

namespace weft::explore {

class Strategy;

// How an execution ended.
enum class Finding : uint8_t {
  kNone,            // body and threads ended
  kDeadlock,        // threads wait, and nobody is left who could wake them
  kLostWakeup,      // a deadlock in which a thread sleeps though what it waits for has come
  kLivelock,        // threads run, but change nothing, or do not end
  kAbort,           // abort(), a failed assert(), std::terminate()
  kException,       // an exception left a thread
  kSignal,          // a fault
  kExit,            // the process was to end
  kMisuse,          // a primitive was used against its contract
  kDataRace,        // two accesses to the same memory that nothing orders
  kUseAfterFree,    // an access to a freed block of the heap
  kDoubleFree,      // a block of the heap was freed a second time
  kBadFree,         // what was freed is no block of the heap
  kLeak,            // all has ended, and nothing refers any more to a block that nobody freed
  kNotModelled,     // a call that the runtime does not know how to control
  kStale,           // a replayed schedule does not fit the program
  kNondeterminism,  // the same decisions led to another execution
  kNoProgress,      // a call does not keep its guarantee of progress
};
const char* name_of(Finding finding);

// What a thread does to memory.
enum class AccessKind : uint8_t { kRead, kWrite, kAtomicRead, kAtomicWrite, kAllocate, kFree };

// A step of an execution, kept when it is recorded.
struct Event {
  static constexpr unsigned kFrames = 24;
  Operation operation;
  ThreadId thread = 0;
  bool changed = false;
  bool preempted = false;    // the step before is of another thread, which could have gone on
  bool failed = false;       // a compare-exchange that did not
  bool spurious = false;     // it failed, or ended, for no reason
  bool blocked = false;      // not done yet: the thread begins to wait for its turn to do it
  ThreadId other = kNobody;  // who holds what a blocked one waits for; who is started or joined
  uint32_t annotated = 0;    // the object in question as annotate.h tells it, for object_facts_at()
  uint64_t value = 0;        // read, or written by a store
  uint64_t left = 0;         // what an access of up to 8 bytes left in the object
  uint64_t before = 0;       // what was in it before a store
  uint64_t object = 0;       // stable_name() of the object; 0 if it has none yet
  // Where: the operation's own place, then the calls that led there, innermost first; 0 ends it.
  uintptr_t frames[kFrames] = {};
};

// One of two accesses that made a data race, or of which one made the other invalid.
struct FoundAccess {
  ThreadId thread = kNobody;
  AccessKind kind = AccessKind::kRead;
  uint64_t size = 0;  // in bytes; 0: not known, because the execution was not recorded
  uintptr_t address = 0;
  unsigned events = 0;                    // how many steps were recorded before it
  uintptr_t frames[Event::kFrames] = {};  // as Event::frames; empty if it was not recorded
};

struct Outcome {
  Finding finding = Finding::kNone;
  char text[512] = {};
  ThreadId thread = kNobody;  // that was running
  // Of a data race, a use after free and a double free: 2, the earlier first. Of a leak: 1, the
  // allocation, if it was recorded.
  unsigned access_count = 0;
  FoundAccess accesses[2];
  // It ended well, but its threads take locks in orders that contradict each other (lock_order.h).
  bool inverted = false;
  ThreadId lost = kNobody;  // the thread that sleeps for the lack of a wake-up
  // The tested code ran on after the deadlock, to see if a wake-up was lost (lost_wakeup.h).
  bool was_tried = false;
  bool of_no_interest = false;  // weft_assume() was told so: it found nothing, and does not count
};

struct Limits {
  uint64_t steps = 20'000;  // an execution of more is a livelock
  unsigned spurious = 1;    // spurious wake-ups and weak failures in an execution
  bool plain_points = false;
  bool patient = false;  // time ends a wait only when nobody could run otherwise
  bool record = false;
  ThreadId lost = kNobody;   // of a recorded one: Outcome::lost of the execution that it repeats
  bool cover = false;        // count new_conflicts()
  bool lock_order = true;    // look at the order of locks when it has ended well
  bool races = true;         // look for data races and for uses of freed memory
  bool leaks = true;         // look for blocks that nothing refers to when it has ended well
  Guarantee guarantee = {};  // of the calls that begin_call() and end_call() tell of
  // What the caller does next follows from this execution and those before it; a clock has a say in
  // no more than when it ends. So a copy of its process may run the next executions in advance.
  bool may_run_ahead = false;
};

// What is known of a thread after an execution.
struct ThreadFacts {
  const char* name;
  bool ended;
  bool ready;          // it could go on
  Operation pending;   // of one that has not ended
  uintptr_t waits_at;  // the object that it waits for, as the tested code or its hooks name it
  ThreadId waits_for;  // the thread that holds that, or is to end; or kNobody
  // Of a recorded execution: where its pending operation is asked for, as Event::frames.
  const uintptr_t* frames;
};

// What is known of an object that threads met at in the last execution.
struct ObjectFacts {
  const char* kind = nullptr;  // "mutex", "Lock" (of a primitive), ...; null if nothing is known
  const char* name = "";       // given by annotate::named(), or empty
  ThreadId owner = kNobody;
};

struct Counters {
  uint64_t steps = 0;
  uint64_t switches = 0;
  uint64_t accesses = 0;  // plain and atomic, by code that was compiled with -fsanitize=thread
  unsigned threads = 0;
};

// Checks that the interposition took hold, prepares fibers. Called by itself before the first
// execution. Null, or a sentence that says why nothing can be explored here.
const char* prepare();

// How threads under test are run from now on; the stack's size is rounded up to a power of two.
void use_kernel_threads(bool wanted);
bool uses_kernel_threads();
void set_stack_bytes(size_t bytes);

// Handlers for faults, and a watchdog that ends an execution without any scheduling point for so
// long. Around a series of executions; nested calls count.
void begin_watch(uint64_t silence_seconds);
void end_watch();

// Prepares stacks and thread-local storage for so many threads, so that processes forked from here
// on need not.
void prepare_threads(unsigned count);

// Runs body(argument) and the threads that it makes, as `strategy` decides.
const Outcome& execute(void (*body)(void*), void* argument, Strategy& strategy, uint64_t seed,
                       const Limits& limits);

// Ordered pairs of places whose operations met at one object, by two threads, in the last execution
// and in none before, as far as they were counted; and all of them, a bit each (conflicts.h).
unsigned new_conflicts();
void forget_conflicts();
inline constexpr unsigned kConflictWords = 1024;
uint64_t* conflicts();

// Of the last execution, until the next.
uint64_t trace_digest();
// Whether the tested code has asked the system for random numbers, which come from the seed: with
// another seed it is another program.
bool drew_random();
Counters counters();
unsigned thread_count();
ThreadFacts thread_facts(ThreadId id);
ObjectFacts object_facts(uintptr_t address);
const Outcome& last_outcome();
// A block of the heap that an address lies in, be it freed by now; 0 bytes if there is none.
struct BlockFacts {
  uint64_t bytes = 0;
  uint64_t offset = 0;  // of the address
};
BlockFacts block_facts(uintptr_t address);
// Of an object that may be gone by now, by the number that an Event has.
ObjectFacts object_facts_at(uint32_t number);
// What a detector knows of its finding besides.
struct Fact {
  static constexpr unsigned kNoEvent = ~0u;
  // "held" and "taken", in turn: a thread had a lock and took another, which the next one holds, in
  // an inversion; "held" alone: a lock that has ended. "unjoined": a thread. "notified": whose
  // wake-up woke `bytes` threads, and not the one that needed it.
  const char* what = nullptr;
  ThreadId thread = kNobody;
  unsigned event = kNoEvent;              // of a recorded execution
  uint64_t bytes = 0;                     // of memory; or a number
  uintptr_t frames[Event::kFrames] = {};  // if there is no event: as its frames
};
unsigned fact_count();
const Fact& fact(unsigned i);
// Where in memory the bearer of a stable_name() lies.
enum class MemoryKind : uint8_t { kNowhere, kThreadStack, kHeap, kBodyStack, kGlobal, kOutside };
MemoryKind memory_of(uint64_t stable_name);
// Its decisions, to be replayed: index and count of each, as pairs.
unsigned decision_count();
uint16_t decision(unsigned i);
uint16_t decision_choices(unsigned i);
unsigned event_count();
const Event& event(unsigned i);
uint64_t stable_name(uintptr_t address);

// In an execution: a finding that the harness made (a failed expectation is none: the execution
// goes on). Does not return.
[[noreturn]] void abandon_execution(Finding finding, const char* text);
// The calling thread found a property false, says the record.
void record_violation();
// Whether the calling thread is under test, and which one it is.
bool inside();
ThreadId this_thread_id();
// Whether a thread of the execution waits, so that it goes on only when another lets it or its time
// is over. Asking is no step.
bool is_blocked(ThreadId id);
void set_thread_name(const char* name);
// Whether the execution is over, and what runs only finds out if a wake-up was lost.
bool in_trial();
// While it lives, the calling thread counts as not under test: what it does is no part of the
// execution, and what it allocates outlives it. It must not wait for a thread under test.
class Outside {
 public:
  Outside();
  ~Outside();
  Outside(const Outside&) = delete;
  Outside& operator=(const Outside&) = delete;

 private:
  uintptr_t was_;
};

// While it lives, instrumented accesses are not counted: they are the harness's. No scheduling
// point may come in between.
class Uncounted {
 public:
  Uncounted();
  ~Uncounted();
  Uncounted(const Uncounted&) = delete;
  Uncounted& operator=(const Uncounted&) = delete;

 private:
  uint64_t was_;
};

// Counts instrumented accesses anew, but for so many of those to come.
void count_accesses_but(uint64_t uncounted);

// What runs between the two is one step: no other thread runs in between, unless it blocks.
void begin_atomic();
void end_atomic();

// The calling thread begins a call that Limits::guarantee is about; it has returned from such a
// call, or from another one, which promises nothing, but comes to its end as well. No steps.
void begin_call();
void end_call();

// Start-up facts, for reports: how many functions were found to be ours, of how many.
unsigned interposed_count();
unsigned interposable_count();
const char* interposed_name(unsigned i);
// Of the shared libraries that are loaded now, those that were not compiled with -fsanitize=thread,
// but for the system's own and the compilers': what they do is controlled at its locks alone.
void for_each_uninstrumented_library(void (*found)(const char* name, void* argument),
                                     void* argument);

}  // namespace weft::explore
