// What a search found.
//
// Thread safety: values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace weft {

// Real threads can show that a property is violated, never that it holds: a search whose budget is
// spent is undecided. Under the explorer it *holds* when every schedule within the stated bounds
// has been run.
enum class Verdict { kUndecided, kViolated, kHolds };

enum class Kind {
  kAssertion,        // a property of the test was false
  kException,        // an exception left a thread or the body
  kHang,             // every thread of the execution is asleep for good
  kLivelock,         // threads run, but the execution does not end
  kLockInversion,    // by ThreadSanitizer and the explorer: locks taken in contradicting orders
  kDataRace,         // two accesses to the same memory that nothing orders
  kSanitizerReport,  // any other report of ThreadSanitizer
  kCrash,            // a signal, an abort, an exit, or a report that ends the process
  kDeadlock,         // by the explorer: threads wait, and nobody is left who could wake them
  kMisuse,           // by the explorer: a primitive was used against its contract
  kNotModelled,      // by the explorer: a call that it cannot control
  kStale,            // by the explorer: a schedule that is not from this program
  kNondeterminism,   // by the explorer: the same schedule gave another execution
  kUseAfterFree,     // by the explorer: an access to a freed block of the heap
  kDoubleFree,       // by the explorer: a block of the heap was freed a second time
  kBadFree,          // by the explorer: what was freed is no block of the heap
  kLeak,             // by the explorer: nothing refers any more to a block that nobody freed
  // By the explorer: a deadlock in which a thread sleeps though what it waits for has come.
  kLostWakeup,
  kNoProgress,  // by the explorer: a call does not keep its guarantee of progress
};

std::string_view to_string(Verdict verdict);
std::string_view to_string(Kind kind);
// Whether a search for `wanted` may end with `found`: the same, or, for a hang, the deadlock that
// the explorer knows it to be, and for either the lost wake-up that it came of.
bool satisfies(Kind wanted, Kind found);

// One thread as a hang or livelock left it.
struct ThreadDump {
  std::string name;
  int tid = 0;
  std::string state;      // "asleep", "running", ...
  std::string waits_for;  // "lock 'left fork' held by philosopher 2"; empty if not known
  std::vector<std::string> holds;
  std::vector<std::string> frames;  // innermost first
};

// As lines of a report.
std::string to_string(const ThreadDump& thread);

struct Violation {
  Kind kind = Kind::kAssertion;
  std::string text;  // one sentence or more, without the kind
  std::vector<ThreadDump> threads = {};
  std::vector<std::string> events = {};  // what Run::event() was told in that execution, the last
};

struct Report {
  std::string name;
  Verdict verdict = Verdict::kUndecided;
  std::optional<Violation> violation;  // set iff violated
  std::vector<Violation> also;         // other kinds met in the same search, if any
  std::uint64_t executions = 0;        // begun, the violating one included
  double seconds = 0;
  std::uint64_t seed = 0;       // of the violating execution; of the first one if undecided
  std::uint64_t execution = 0;  // the violating one's number, from 0
  std::string mode;             // how that execution was perturbed: "plain", "yield", ...
  std::string replay;           // a line to paste that begins with the violating execution

  // Of the explorer.
  std::uint64_t distinct = 0;  // interleavings that differ in their operations
  // Ordered pairs of places whose operations met at one object, by two threads. Only the portfolio
  // counts them; of several workers: as many as one of them has met.
  std::uint64_t conflicts = 0;
  std::string bounds;          // what "every schedule" means; empty on real threads
  std::string reached;         // of an undecided search: what it has run all of; may be empty
  std::string controlled;      // what was interposed and instrumented; empty on real threads
  std::uint64_t accesses = 0;  // instrumented ones of the tested code, in an execution at most
  std::string schedule;        // of the violating execution
  std::string interleaving;    // its steps, a column for each thread, and its threads at the end
  std::string finding;         // the same as a file, see stress/report/finding_json.h
  std::string page;            // where it lies for a browser, if it was written

  bool violated() const { return verdict == Verdict::kViolated; }
  // "deadlock: hang after 17 executions (0.3 s)": one line.
  std::string summary() const;
  // All of it, for people; ends with a newline.
  std::string text() const;
};

// For a pipe between processes: any report survives the way there and back.
std::string serialized(const Report& report);
// Nothing if `bytes` is not what serialized() made.
std::optional<Report> deserialized(std::string_view bytes);

}  // namespace weft
