// What the processes of a search over a whole program share.
//
//   weft check          starts the tested program, with two variables in its environment
//     the program       does not run its main(): it loads the search (weft_search.so), forks
//       a runner        runs executions, each from its first constructor to its last destructor,
//                       under control; before each but the first, the program's memory is put back
//
// A runner is a copy of the search, which runs ahead of it: its search() makes the very calls that
// the search will make, and each execute() in it leaves an Entry here. When the runner has ended,
// in whatever way, the search takes the entries one after the other for its own. So what a program
// does to its process it does to the runner's, and all that is lost is the one execution.
//
// The search is a library of its own, with a standard library of its own, so that none of its code
// is merged with the tested program's. It knows the runtime by this table alone.
//
// Thread safety: the search's process has one thread; it reads what a runner wrote when that has
//                ended.
// Invariants:     (I1) all processes map `Shared` at one address, and the program too: addresses
//                      of its code and variables mean the same in each.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "stress/explore/explore.h"
#include "stress/explore/strategy.h"

namespace weft::program {

// By which a program is known to hold this runtime. Changes with whatever else is in this file.
#define WEFT_PROGRAM_MARK "weft-explored-program 3"

// The search's library, and the beginning of the names of its files.
inline constexpr const char* kSearchVariable = "WEFT_PROGRAM_SEARCH";
inline constexpr const char* kJobVariable = "WEFT_PROGRAM_JOB";
// The value of LD_BIND_NOW if it is not the user's.
inline constexpr const char* kOurBinding = "for weft";

// An object that threads met at, as explore::ObjectFacts tell it.
struct ObjectRecord {
  uintptr_t address;
  bool is_number;
  bool is_annotated;
  explore::ThreadId owner;
  char kind[32];
  char type_name[48];
  char name[32];
};

struct ThreadRecord {
  char name[48];
  bool ended;
  bool ready;
  explore::ThreadId waits_for;
  explore::Operation pending;
  uintptr_t waits_at;
  uintptr_t frames[explore::Event::kFrames];
};

// explore::stable_name() and explore::block_facts() of an address of the execution.
struct AddressRecord {
  uintptr_t address;
  uint64_t name;
  explore::BlockFacts block;
};

struct Note {
  explore::ThreadId thread;
  char text[56];
};

// One question to the strategy, and its answer; followed by `words` words of the set of candidates
// and `operations` pairs of an id and an Operation.
struct Asked {
  enum class What : uint8_t { kChoose, kValue, kStep };
  What what;
  explore::Question question;
  bool current_may;
  explore::ThreadId current;
  explore::ThreadId answer;  // an id or a value
  uint16_t count;
  uint16_t index;  // of the answer, as a decision
  uint32_t words;
  uint32_t operations;
};

struct Told {
  uint64_t id;
  explore::Operation operation;
};

// One execution.
struct Entry {
  uint64_t seed;  // with which it was asked for

  // Written while it runs.
  uint64_t log_begin;  // of its questions in Shared::log
  uint64_t asked;      // questions
  uint64_t noted;      // notes; the last Shared::kNotes of the last entry's are in Shared::notes

  // When it has ended under control; else the process was killed.
  bool ended;
  bool drew_random;
  uint32_t conflicts;        // so many Conflicts: its process's, if it has added to them
  uint64_t conflicts_begin;  // of them in Shared::log
  explore::Outcome outcome;
  explore::Counters counters;
  uint64_t digest;
};

struct Conflicts {
  uint64_t word;  // its number
  uint64_t bits;
};

struct Shared {
  static constexpr size_t kLogBytes = size_t{512} << 20;
  static constexpr size_t kRecordBytes = size_t{1} << 30;
  static constexpr unsigned kNotes = 128;
  static constexpr unsigned kEntries = 1024;
  static constexpr unsigned kPages = 1024;

  uint64_t begun;  // entries
  uint64_t log_bytes;
  Note notes[kNotes];  // of the last entry: what is reported was run by itself
  Entry entries[kEntries];

  // Pages of memory that executions change, in order: known to runners of all times.
  uint64_t changed_pages;
  uintptr_t changed_page[kPages];

  // Of a recorded one: how many of each follow in `record`, in this order.
  uint32_t threads;
  uint32_t events;
  uint32_t objects;
  uint32_t addresses;
  uint32_t facts;

  alignas(4096) char log[kLogBytes];
  alignas(4096) char record[kRecordBytes];
};

// A part of the memory.
struct Range {
  uintptr_t begin;
  uintptr_t end;
};

// Where what belongs to Weft lies, and is not the program's (explore::map_memory_in()): the
// runtime's tables, the search's heap, its arrays, the shadow.
inline constexpr uintptr_t kRuntimeWindow = 0x6800'0000'0000;
inline constexpr uintptr_t kSearchHeap = 0x6900'0000'0000;
inline constexpr uintptr_t kSearchWindow = 0x6a00'0000'0000;
inline constexpr Range kWeftsOwn = {kRuntimeWindow, 0x6d00'0000'0000};

// What of the search's library lies elsewhere.
struct SearchLibrary {
  Range data;
  Range calls;  // its system calls
};

// What the runtime does for the search.
struct Runtime {
  const char* (*prepare)();
  void (*use_kernel_threads)(bool wanted);
  bool (*uses_kernel_threads)();
  void (*set_stack_bytes)(size_t bytes);
  void (*prepare_threads)(unsigned count);
  unsigned (*interposed_count)();
  unsigned (*interposable_count)();
  void (*for_each_uninstrumented_library)(void (*found)(const char* name, void* argument),
                                          void* argument);
  uintptr_t (*load_independent)(uintptr_t address);
  explore::MemoryKind (*memory_of)(uint64_t stable_name);
  // In a process made for executions, before the first.
  void (*begin_runner)(Shared& shared);
  // That process is to run more than one, if it can put the program's memory back, so that each of
  // them begins as the first. From here on a system call of the search ends it.
  void (*begin_runs)(Shared& shared, const SearchLibrary& search);
  // Runs the program once, for shared.entries[shared.begun - 1]. Whether it can be run once more.
  bool (*run_execution)(Shared& shared, explore::Strategy& strategy, uint64_t seed,
                        const explore::Limits& limits);
  // Ends the process, and nothing else.
  void (*end_runner)();
};

}  // namespace weft::program

extern "C" {
// Of the search's library. `job` as said above. Returns the process's exit code.
int weft_search(const weft::program::Runtime* runtime, const char* job);
}
