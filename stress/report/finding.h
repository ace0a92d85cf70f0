// What a search under the explorer found, as a plain value: everything that a report shows.
//
// The text table, and every reader in another program, are made from this, or from the file that
// finding_json.h makes of it; never from printed text.
//
// Thread safety: values.
// Invariants:     (I1) names of threads and of objects, and all else but `seconds`, are the same in
//                      every process that repeats the schedule: no address is in here. (Sources
//                      are those of the machine.)
//                 (I2) every index (of a thread, an object, a frame, a step) is below the size of
//                 its list.
// Non-invariants: `steps` are all of the execution's operations. What runs before the first
//                 operation of a function's static, or in code that is not instrumented, is not
//                 seen.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "stress/report/history.h"

namespace weft::report {

// Whose code it is.
enum class Role {
  kTested,
  kPrimitive,  // a primitive of Weft, in a test of something else as well as in its own
  kLibrary,    // the standard library, GoogleTest, or code without a known source
  kHarness,    // how Weft comes to call the tested code, and its hooks
};

// A place in a source file. An inlined call has a frame of its own.
struct Frame {
  std::string function;
  std::string file;   // relative to the workspace; empty if not known
  unsigned line = 0;  // 0 if not known
  Role role = Role::kTested;
  std::string source = {};  // that line, trimmed; empty if the file was not there to be read

  bool operator==(const Frame&) const = default;
};

// Whence an object has its name.
enum class Naming {
  kGiven,   // weft::annotate::named()
  kSymbol,  // a variable of the program
  kNumber,  // its kind and a number, in the order of first appearance: "mutex 2"
};

struct Object {
  std::string name;
  std::string kind;  // "mutex", "condition", "atomic", "Lock", ...
  Naming naming = Naming::kNumber;
  std::string memory;  // "global", "heap", "stack of left"; "outside" of the body

  bool operator==(const Object&) const = default;
};

struct Step {
  unsigned thread = 0;
  std::string operation;  // "load", "lock", ...
  std::optional<unsigned> object;
  std::optional<unsigned> second;  // the mutex of a wait
  std::optional<unsigned> other;   // the thread that holds what this one waits for, or is started
  std::string value;               // read; or, by a store, written; empty if there is none
  std::string before;              // what a store overwrote, if the steps before tell of it
  std::string left;                // what an atomic access that may write left in the object
  std::string order;               // of an atomic access: "acquire", ...
  unsigned size = 0;               // of an access, in bytes
  bool changed = false;            // others might see that it happened
  bool switched = false;           // the step before is another thread's,
  bool preempted = false;          // ... which could have gone on
  bool blocked = false;            // not done yet: from here on the thread waits for it
  bool timed_out = false;          // a wait was given up
  bool failed = false;             // a compare-exchange that did not
  bool spurious = false;           // failed, or ended a wait, for no reason
  std::vector<unsigned> stack;     // innermost first
  // Which frame of `stack` is the innermost whose role is kTested; the stack's size if none is.
  unsigned place = 0;

  bool operator==(const Step&) const = default;
};

// One of the two accesses of a data race, or of a use after free: the earlier one comes first.
struct MemoryAccess {
  unsigned thread = 0;
  std::string operation;  // "read", "write", "atomic read", "atomic write", "allocation", "free"
  std::optional<unsigned> object;
  std::uint64_t size = 0;       // in bytes
  std::uint64_t block = 0;      // the size of the heap's block that it is in; 0 if it is in none
  std::uint64_t offset = 0;     // in that block
  unsigned step = 0;            // how many steps come before it
  std::vector<unsigned> stack;  // innermost first

  bool operator==(const MemoryAccess&) const = default;
};

enum class ThreadState { kEnded, kWaits, kCouldGoOn };

struct Thread {
  std::string name;
  ThreadState state = ThreadState::kEnded;
  std::string operation;           // that it is about to do, if it has not ended
  std::string waits_for;           // in words, with the holder; empty if it does not wait
  std::optional<unsigned> object;  // that it waits for
  std::optional<unsigned> holder;  // the thread that holds it
  std::vector<unsigned> stack;     // innermost first, where it waits

  bool operator==(const Thread&) const = default;
};

// The execution as it was found, before a simpler one was made of it that fails the same.
struct Original {
  std::string schedule;
  // As the scheduler counts them, and of the simpler one.
  std::uint64_t steps = 0;
  std::uint64_t switches = 0;
  std::uint64_t preemptions = 0;
  std::uint64_t simpler_steps = 0;
  std::uint64_t simpler_switches = 0;
  std::uint64_t simpler_preemptions = 0;
  std::uint64_t executions = 0;  // that it took to simplify

  bool operator==(const Original&) const = default;
};

// A place that explains the finding, beside the steps and the threads' ends: the other access of a
// data race, where a lock was taken in the other order, the notification that came too early.
struct Place {
  std::string label;               // what happened there, in words: "earlier write of 4 bytes"
  std::optional<unsigned> thread;  // whose stack it is
  std::optional<unsigned> step;    // that it is, if it is one of `steps`
  std::vector<unsigned> stack;     // innermost first

  bool operator==(const Place&) const = default;
};

struct Finding {
  std::string kind;      // "deadlock", "assertion", ...: to_string(weft::Kind)
  std::string sentence;  // what went wrong, with names
  std::string test;      // "Suite.Test"
  std::string verdict;   // to_string(weft::Verdict)
  std::string strategy;  // that found it
  std::uint64_t seed = 0;
  std::uint64_t execution = 0;  // the violating one's number, from 0
  std::string schedule;         // repeats it, see stress/explore/schedule.h
  std::string replay;           // a line to paste
  std::uint64_t executions = 0;
  std::uint64_t distinct = 0;  // interleavings that differ in their operations
  double seconds = 0;
  std::string bounds;          // of what is explored
  std::uint64_t switches = 0;  // of the violating execution; `preemptions` are some of them
  std::uint64_t preemptions = 0;
  // That ran when the execution was ended, if it was.
  std::optional<unsigned> thread;
  std::optional<Original> original;  // if this is not it
  std::string caveat;  // if repeating the schedule gave another execution: how it differed
  std::vector<std::string> events;  // what Run::event() was told
  std::vector<Frame> frames;
  std::vector<Object> objects;
  std::vector<Thread> threads;
  std::vector<Step> steps;
  std::vector<Place> places;  // in the order in which they are to be read
  std::vector<MemoryAccess> accesses;
  std::optional<History> history = {};  // of calls that no order explains

  bool operator==(const Finding&) const = default;
};

}  // namespace weft::report
