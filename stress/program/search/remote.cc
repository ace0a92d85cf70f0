#include "stress/program/search/remote.h"

#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <bit>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "stress/explore/startup.h"
#include "stress/program/search/output.h"
#include "stress/program/search/questions.h"

namespace weft::program {
namespace {

using explore::Finding;

// An execution whose watchdog is gone, too, is killed.
constexpr int kPatienceSeconds = 30;

const Runtime* runtime = nullptr;
Shared* shared = nullptr;
explore::Outcome outcome;
std::vector<Decided> decisions;
explore::ThreadId this_thread = 0;
unsigned prepared_threads = 1;
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

void clear_shared() {
  shared->log_bytes = shared->asked = shared->noted = 0;
  shared->ended = shared->drew_random = false;
  shared->outcome = {};
  shared->counters = {};
  shared->digest = 0;
  shared->threads = shared->events = shared->objects = shared->addresses = shared->facts = 0;
}

// An execution's process counts from nothing.
void count_conflicts() {
  for (unsigned i = 0; i < explore::kConflictWords; ++i) {
    fresh_conflicts +=
        static_cast<unsigned>(std::popcount(shared->conflicts[i] & ~all_conflicts[i]));
    all_conflicts[i] |= shared->conflicts[i];
  }
}

const AddressRecord* record_of(std::uintptr_t address) {
  for (unsigned i = 0; i < shared->addresses; ++i) {
    if (records.addresses[i].address == address) return &records.addresses[i];
  }
  return nullptr;
}

[[noreturn]] void die(const char* what) {
  std::fprintf(stderr, "weft: %s: %s\n", what, std::strerror(errno));
  std::_Exit(1);
}

// A signal that does nothing else, so that waiting for the execution is interrupted each second.
// SIGURG is ignored by whoever does not know it, and no program's exit depends on it.
constexpr int kTick = SIGURG;

void start_ticks() {
  struct sigaction action = {};
  action.sa_handler = [](int) {};
  sigaction(kTick, &action, nullptr);
  sigevent event = {};
  event.sigev_notify = SIGEV_SIGNAL;
  event.sigev_signo = kTick;
  timer_t timer;
  if (timer_create(CLOCK_MONOTONIC, &event, &timer) != 0) die("timer_create");
  const itimerspec each_second = {{1, 0}, {1, 0}};
  timer_settime(timer, 0, &each_second, nullptr);
}

// False: it did not end, and was killed.
bool wait_for(pid_t child, int& status) {
  for (int seconds = 0;;) {
    const pid_t ended = waitpid(child, &status, 0);
    if (ended == child) return true;
    if (errno != EINTR) die("waitpid");
    if (++seconds < kPatienceSeconds) continue;
    kill(child, SIGKILL);
    while (waitpid(child, &status, 0) != child) {
    }
    return false;
  }
}

// What the process cannot tell any more.
explore::Outcome killed(int status, bool in_time) {
  explore::Outcome outcome;
  outcome.finding = in_time ? Finding::kSignal : Finding::kLivelock;
  if (!in_time) {
    std::snprintf(outcome.text, sizeof outcome.text,
                  "the execution did not end in %d s, nor answered: it was killed",
                  kPatienceSeconds);
  } else if (WIFSIGNALED(status)) {
    const int signal = WTERMSIG(status);
    const char* const name = sigabbrev_np(signal);
    std::snprintf(outcome.text, sizeof outcome.text, "the process was ended by SIG%s",
                  name == nullptr ? "" : name);
  } else {
    outcome.finding = Finding::kExit;
    std::snprintf(outcome.text, sizeof outcome.text,
                  "the process left control and ended with exit code %d", WEXITSTATUS(status));
  }
  return outcome;
}

}  // namespace

void connect(const Runtime& of_program) {
  runtime = &of_program;
  // Pages cost nothing until they are touched.
  void* const memory = mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE,
                            MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) die("no memory to share with executions");
  shared = static_cast<Shared*>(memory);
  start_ticks();
}

void for_each_note(const std::function<void(const char* text)>& told) {
  const std::uint64_t first = shared->noted > Shared::kNotes ? shared->noted - Shared::kNotes : 0;
  for (std::uint64_t i = first; i < shared->noted; ++i) {
    const Note& note = shared->notes[i % Shared::kNotes];
    this_thread = note.thread;
    told(note.text);
  }
  this_thread = 0;
}

bool last_drew_random() { return shared->drew_random; }

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
  clear_shared();
  prepare_output(limits.record);
  // Executions have the file in common, and with it how far it has been read.
  lseek(STDIN_FILENO, 0, SEEK_SET);
  const pid_t child = _Fork();
  if (child < 0) die("no process can be made for an execution");
  if (child == 0) {
    redirect_output(limits.record);
    runtime->run_execution(*shared, strategy, seed, limits);
  }
  int status = 0;
  const bool in_time = wait_for(child, status);
  outcome = shared->ended ? shared->outcome : killed(status, in_time);
  if (!shared->ended) shared->digest = digest_of(*shared);
  if (limits.record) find_records();
  fresh_conflicts = 0;
  if (limits.cover && shared->ended) count_conflicts();
  if (const char* why = ask_again(*shared, strategy, seed, decisions)) {
    std::fprintf(stderr, "weft: the strategy %s %s; this is a fault of Weft\n", strategy.name(),
                 why);
    std::_Exit(1);
  }
  if (shared->counters.threads > prepared_threads) {
    prepared_threads = shared->counters.threads;
    if (!uses_kernel_threads()) runtime->prepare_threads(prepared_threads);
  }
  body(argument);
  return outcome;
}

uint64_t trace_digest() { return shared->digest; }
Counters counters() { return shared->counters; }
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
