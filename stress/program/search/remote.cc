#include "stress/program/search/remote.h"

#include <link.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "stress/explore/raw.h"
#include "stress/explore/startup.h"
#include "stress/program/search/output.h"
#include "stress/program/search/questions.h"
#include "stress/program/search/runner.h"

extern "C" {
extern const char __start_weft_raw[] __attribute__((visibility("hidden")));
extern const char __stop_weft_raw[] __attribute__((visibility("hidden")));
}

namespace weft::program {
namespace {

using explore::Finding;

// What a runner leaves behind is read from the processor's cache if it is not too much.
constexpr std::uint64_t kMostLogBytes = 1 << 20;

const Runtime* runtime = nullptr;
Shared* shared = nullptr;
SearchLibrary library;
bool is_runner = false;   // this process runs executions
std::uint64_t taken = 0;  // entries of the last runner that the search has had
End end;                  // of the last runner
Entry* now = nullptr;     // of the last execution
explore::Outcome outcome;
// Executions that get a process for each, because the last runners could not run a second one.
std::uint64_t alone = 0;
std::uint64_t alone_next_time = 0;
std::uint64_t made = 0;
bool was_recorded = false;  // the last execution
std::vector<Decided> decisions;
explore::ThreadId this_thread = 0;
unsigned prepared_threads = 0;
std::uint64_t all_conflicts[explore::kConflictWords];
unsigned fresh_conflicts = 0;

struct Records {
  const ThreadRecord* threads = nullptr;
  const explore::Event* events = nullptr;
  const ObjectRecord* objects = nullptr;
  const AddressRecord* addresses = nullptr;
  const explore::Fact* facts = nullptr;
};
Records records;

void find_records() {
  const char* at = shared->record;
  const auto take = [&at]<class T>(const T*& first, std::uint32_t count) {
    first = reinterpret_cast<const T*>(at);
    at += count * sizeof(T);
  };
  take(records.threads, shared->threads);
  take(records.events, shared->events);
  take(records.objects, shared->objects);
  take(records.addresses, shared->addresses);
  take(records.facts, shared->facts);
}

// A process counts from nothing.
void count_conflicts() {
  const char* at = shared->log + now->conflicts_begin;
  for (std::uint32_t i = 0; i < now->conflicts; ++i, at += sizeof(Conflicts)) {
    Conflicts conflicts;
    std::memcpy(&conflicts, at, sizeof conflicts);
    std::uint64_t& known = all_conflicts[conflicts.word];
    fresh_conflicts += static_cast<unsigned>(std::popcount(conflicts.bits & ~known));
    known |= conflicts.bits;
  }
}

const AddressRecord* record_of(std::uintptr_t address) {
  for (unsigned i = 0; i < shared->addresses; ++i) {
    if (records.addresses[i].address == address) return &records.addresses[i];
  }
  return nullptr;
}

int find_data(dl_phdr_info* info, size_t, void* found) {
  const auto inside = reinterpret_cast<std::uintptr_t>(&shared);
  for (int i = 0; i < info->dlpi_phnum; ++i) {
    const ElfW(Phdr)& segment = info->dlpi_phdr[i];
    const std::uintptr_t begin = info->dlpi_addr + segment.p_vaddr;
    if (segment.p_type != PT_LOAD || inside - begin >= segment.p_memsz) continue;
    *static_cast<Range*>(found) = {begin, begin + segment.p_memsz};
    return 1;
  }
  return 0;
}

// Makes the next entry, in a runner, which ends if it cannot run another execution.
void run(explore::Strategy& strategy, std::uint64_t seed, const explore::Limits& limits) {
  Entry& entry = shared->entries[shared->begun];
  entry = {};
  entry.seed = seed;
  entry.log_begin = shared->log_bytes;
  // relaxed: whoever waits for the runner only looks whether it changes.
  __atomic_store_n(&shared->begun, shared->begun + 1, __ATOMIC_RELAXED);
  const bool can_run_more = runtime->run_execution(*shared, strategy, seed, limits) &&
                            shared->begun < Shared::kEntries && shared->log_bytes < kMostLogBytes;
  if (!can_run_more) runtime->end_runner();
}

// Runs this execution, and perhaps those that come after it, in another process: if it returns
// there, it has run the first of them.
void fork_runner(explore::Strategy& strategy, std::uint64_t seed, const explore::Limits& limits) {
  const bool alone_now = alone > 0 && limits.may_run_ahead;
  if (alone_now) --alone;
  const bool goes_ahead = limits.may_run_ahead && !alone_now && !shows_output();
  shared->begun = shared->log_bytes = taken = 0;
  shared->threads = shared->events = shared->objects = shared->addresses = shared->facts = 0;
  prepare_output(limits.record);
  // Runners have the file in common, and with it how far it has been read.
  lseek(STDIN_FILENO, 0, SEEK_SET);
  const pid_t process = _Fork();
  if (process < 0) die("no process can be made for an execution");
  if (process == 0) {
    is_runner = true;
    redirect_output(limits.record);
    runtime->begin_runner(*shared);
    if (goes_ahead) runtime->begin_runs(*shared, library);
    run(strategy, seed, limits);
    return;
  }
  ++made;
  end = wait_for_runner(process, shared->begun);
  if (shared->begun == 0) die("a process for executions has run none");
  if (!goes_ahead) return;
  // That threads are new is so but once.
  const bool is_alone =
      shared->begun == 1 && shared->entries[0].counters.threads <= prepared_threads;
  alone_next_time = is_alone ? std::min<std::uint64_t>(alone_next_time * 2 + 1, 1000) : 0;
  alone = alone_next_time;
}

// What the entry `now` says is what this process's last execution has come to.
void take(explore::Strategy& strategy, std::uint64_t seed, const explore::Limits& limits) {
  outcome = now->ended ? now->outcome : killed(end);
  was_recorded = limits.record;
  fresh_conflicts = 0;
  if (limits.cover && now->ended) count_conflicts();
  if (is_runner) return;
  if (!now->ended) now->digest = digest_of(*shared, *now);
  if (limits.record) find_records();
  if (const char* why = ask_again(*shared, *now, strategy, seed, decisions)) {
    std::fprintf(stderr, "weft: the strategy %s %s; this is a fault of Weft\n", strategy.name(),
                 why);
    std::_Exit(1);
  }
  if (now->counters.threads > prepared_threads) {
    prepared_threads = now->counters.threads;
    if (!runtime->uses_kernel_threads()) runtime->prepare_threads(prepared_threads);
  }
}

}  // namespace

void connect(const Runtime& of_program) {
  runtime = &of_program;
  explore::map_memory_in(kSearchWindow);
  dl_iterate_phdr(find_data, &library.data);
  library.calls = {reinterpret_cast<std::uintptr_t>(__start_weft_raw),
                   reinterpret_cast<std::uintptr_t>(__stop_weft_raw)};
  // Pages cost nothing until they are touched.
  void* const memory = mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE,
                            MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) die("no memory to share with executions");
  shared = static_cast<Shared*>(memory);
  start_ticks();
}

void for_each_note(const std::function<void(const char* text)>& told) {
  if (!was_recorded) return;
  const std::uint64_t kept = std::min<std::uint64_t>(now->noted, Shared::kNotes);
  for (std::uint64_t i = now->noted - kept; i < now->noted; ++i) {
    const Note& note = shared->notes[i % Shared::kNotes];
    this_thread = note.thread;
    told(note.text);
  }
  this_thread = 0;
}

std::uint64_t processes() { return made; }

}  // namespace weft::program

// explore.h.
namespace weft::explore {

using namespace weft::program;  // NOLINT: the other half of this file

const char* prepare() { return runtime->prepare(); }
void use_kernel_threads(bool wanted) { runtime->use_kernel_threads(wanted); }
bool uses_kernel_threads() { return runtime->uses_kernel_threads(); }
void set_stack_bytes(size_t bytes) { runtime->set_stack_bytes(bytes); }
void prepare_threads(unsigned count) { runtime->prepare_threads(count); }

uintptr_t load_independent(uintptr_t address) { return runtime->load_independent(address); }

// Each execution has its own.
void begin_watch(uint64_t) {}
void end_watch() {}

const Outcome& execute(void (*body)(void*), void* argument, Strategy& strategy, uint64_t seed,
                       const Limits& limits) {
  if (is_runner) {
    // What a clock has a say in is the search's own affair.
    if (!limits.may_run_ahead) runtime->end_runner();
    run(strategy, seed, limits);
  } else {
    const bool is_there = taken < shared->begun && limits.may_run_ahead;
    if (!is_there || shared->entries[taken].seed != seed) {
      if (prepared_threads == 0) runtime->prepare_threads(prepared_threads = 1);
      fork_runner(strategy, seed, limits);
    }
  }
  now = &shared->entries[is_runner ? shared->begun - 1 : taken++];
  take(strategy, seed, limits);
  body(argument);
  return outcome;
}

uint64_t trace_digest() { return now->digest; }
bool drew_random() { return now->drew_random; }
Counters counters() { return now->counters; }
unsigned thread_count() { return shared->threads; }

ThreadFacts thread_facts(ThreadId id) {
  static const ThreadRecord unknown = {};
  const ThreadRecord& record = id < shared->threads ? records.threads[id] : unknown;
  return {.name = record.name,
          .ended = record.ended,
          .ready = record.ready,
          .pending = record.pending,
          .waits_at = record.waits_at,
          .waits_for = record.waits_for,
          .frames = record.frames};
}

ObjectFacts object_facts(uintptr_t address) {
  ObjectFacts facts;
  for (unsigned i = 0; i < shared->objects; ++i) {
    const ObjectRecord& object = records.objects[i];
    if (object.address != address || object.is_number) continue;
    if (object.is_annotated || facts.kind == nullptr) {
      facts.kind = object.type_name[0] != '\0' ? object.type_name : object.kind;
    }
    if (object.name[0] != '\0') facts.name = object.name;
    if (object.owner != kNobody) facts.owner = object.owner;
  }
  return facts;
}

ObjectFacts object_facts_at(uint32_t number) {
  const ObjectRecord& object = records.objects[number - 1];
  return {.kind = object.type_name[0] == '\0' ? nullptr : object.type_name,
          .name = object.name,
          .owner = object.owner};
}

MemoryKind memory_of(uint64_t stable_name) { return runtime->memory_of(stable_name); }

unsigned decision_count() { return static_cast<unsigned>(decisions.size()); }
uint16_t decision(unsigned i) { return decisions[i].index; }
uint16_t decision_choices(unsigned i) { return decisions[i].count; }
unsigned event_count() { return shared->events; }
const Event& event(unsigned i) { return records.events[i]; }

uint64_t stable_name(uintptr_t address) {
  const AddressRecord* const record = record_of(address);
  return record == nullptr ? 0 : record->name;
}

BlockFacts block_facts(uintptr_t address) {
  const AddressRecord* const record = record_of(address);
  return record == nullptr ? BlockFacts{} : record->block;
}

const Outcome& last_outcome() { return outcome; }
unsigned fact_count() { return shared->facts; }
const Fact& fact(unsigned i) { return records.facts[i]; }

unsigned new_conflicts() { return fresh_conflicts; }
void forget_conflicts() { std::memset(all_conflicts, 0, sizeof all_conflicts); }
uint64_t* conflicts() { return all_conflicts; }

// The calling thread is the search's, never a thread under test.
void abandon_execution(Finding, const char*) { die("a finding outside of an execution"); }
void record_violation() {}
bool inside() { return false; }
ThreadId this_thread_id() { return this_thread; }
bool is_blocked(ThreadId) { return false; }
void set_thread_name(const char*) {}
Outside::Outside() : was_(0) {}
Outside::~Outside() { was_ = 0; }
Uncounted::Uncounted() : was_(0) {}
Uncounted::~Uncounted() { was_ = 0; }
void count_accesses_but(uint64_t) {}
void begin_atomic() {}
void end_atomic() {}

unsigned interposed_count() { return runtime->interposed_count(); }
unsigned interposable_count() { return runtime->interposable_count(); }

void for_each_uninstrumented_library(void (*found)(const char* name, void* argument),
                                     void* argument) {
  struct Wanted {
    void (*found)(const char*, void*);
    void* argument;
  } wanted = {found, argument};
  runtime->for_each_uninstrumented_library(
      [](const char* name, void* to) {
        // The search itself is no part of the program.
        if (std::strstr(name, "weft_search") != nullptr) return;
        static_cast<Wanted*>(to)->found(name, static_cast<Wanted*>(to)->argument);
      },
      &wanted);
}

}  // namespace weft::explore
