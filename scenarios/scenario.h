// A scenario is an example of the documents as a small program with its property. A specimen is the
// same with one thing wrong: a classic bug that a harness must catch.
//
// Thread safety: the tables are constant; the functions in them may be called from several threads
// at once, each call with a transcript of its own.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "scenarios/pace.h"
#include "scenarios/transcript.h"

namespace weft::scenarios {

struct Scenario {
  std::string_view row;     // "002-5": document 002, fifth row
  std::string_view target;  // "//scenarios/queue:pipeline"
  std::string_view shows;   // one sentence
  // Runs the example to its end and says in the transcript what the document shows.
  void (*run)(Transcript&, const Pace&);
  // The property, judged from what was said: empty if it holds, else a sentence that says what
  // broke.
  std::string (*judge)(const Lines&);
  // Whether it starts processes, which the explorer does not control.
  bool starts_processes = false;
  // Whether these begin threads, which ThreadSanitizer does not let the child of a process with
  // threads do.
  bool processes_have_threads = false;
};

// How a specimen's bug shows. The words are those of the harness's reports.
namespace kind {
inline constexpr std::string_view kAssertion = "assertion";  // its property is false
inline constexpr std::string_view kException = "exception";  // an exception leaves a thread
inline constexpr std::string_view kHang = "hang";            // all its threads sleep for ever
inline constexpr std::string_view kDeadlock = "deadlock";    // the explorer's word for it
// Of a deadlock the explorer's, too: what a thread waits for has come, and nobody woke it.
inline constexpr std::string_view kLostWakeup = "lost wake-up";
inline constexpr std::string_view kLivelock = "livelock";   // they run for ever and get nowhere
inline constexpr std::string_view kCrash = "crash";         // it ends the process
inline constexpr std::string_view kDataRace = "data race";  // also by the explorer
inline constexpr std::string_view kUseAfterFree = "use after free";  // by the explorer
inline constexpr std::string_view kDoubleFree = "double free";       // by the explorer
inline constexpr std::string_view kLeak = "leak";                    // by the explorer
// ThreadSanitizer's other words: use after free, destruction of a locked mutex, ...
inline constexpr std::string_view kSanitizerReport = "sanitizer report";
// Not by this mode: what the specimen does wrong there leaves no trace that a harness could judge.
inline constexpr std::string_view kUnseen = "unseen";
}  // namespace kind

struct Specimen {
  std::string_view row;      // of the scenario whose negative control it is
  std::string_view name;     // "deadlock/naive_philosophers": scenarios/specimens/deadlock/...
  std::string_view mistake;  // one sentence: what is wrong
  std::string_view kind;     // how it shows on real threads
  // How it shows under ThreadSanitizer, and under AddressSanitizer with UndefinedBehaviorSanitizer,
  // if that differs; empty: the same.
  std::string_view kind_under_tsan = {};
  std::string_view kind_under_asan = {};
  // How it shows under the explorer, if that differs. A hang is a deadlock there: empty for it,
  // too.
  std::string_view kind_under_explore = {};
  // What the explorer's report of a deadlock says among other things: who waits for what, held by
  // whom.
  std::string_view deadlock = {};
  // One execution: makes its own threads and joins them, unless it hangs. Empty if the property
  // held this time, else a sentence that says what broke.
  std::string (*body)();
  // The same with the mistake mended: never breaks.
  std::string (*mended)();
  // Whether they start processes, which the explorer does not control. Then a hang needs no words
  // for its deadlock: what a process waits for in another one, no report can tell yet.
  bool starts_processes = false;
};

}  // namespace weft::scenarios
