// What is told of the last execution, and of the running one: the reading half of explore.h; and
// names for addresses that do not depend on where the program was loaded.
#include "stress/explore/heap.h"
#include "stress/explore/heap_scan.h"
#include "stress/explore/objects.h"
#include "stress/explore/record.h"
#include "stress/explore/runtime.h"
#include "stress/explore/scheduling.h"
#include "stress/explore/startup.h"

namespace weft::explore {

namespace {

// Above what follows the kind in a name: a thread's id (9 bits) and 32 bits.
constexpr unsigned kKindShift = 44;

bool is_on_thread_stack(uintptr_t address) {
  return address - kStacks < kMaxThreads * stack_stride;
}
// The body's, and some of its caller's.
bool is_on_root_stack(uintptr_t address) { return address - kRootStack < kRootStackBytes; }

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
    return (uint64_t{1} << kKindShift) ^ (id << 32) ^ uint32_t(origin - address);
  }
  if (heap_owns(address)) return (uint64_t{2} << kKindShift) ^ number_of_heap_object(address);
  if (is_on_root_stack(address)) return (uint64_t{3} << kKindShift) ^ (address - kRootStack);
  if (is_in_program(address)) return (uint64_t{4} << kKindShift) ^ (address - load_address());
  return (uint64_t{5} << kKindShift) ^ number_of_heap_object(address);
}

const Outcome& last_outcome() { return rt.outcome; }

BlockFacts block_facts(uintptr_t address) {
  BlockFacts facts;
  if (!heap_owns(address)) return facts;
  const auto look = [&](HeapRange range) {
    for_each_block(range.floor, range.top, [&](const HeapHeader* header) {
      const auto begin = reinterpret_cast<uintptr_t>(header + 1);
      if (address - begin < header->bytes) facts = {header->bytes, address - begin};
    });
  };
  const auto region = static_cast<unsigned>((address - kHeap) / kHeapRegion);
  look(heap_survivors_of(region));
  look(heap_range_of(region));
  return facts;
}

uint64_t trace_digest() { return rt.digest; }
bool drew_random() { return rt.drew_random; }
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

unsigned fact_count() { return rt.facts.size(); }
const Fact& fact(unsigned i) { return rt.facts[i]; }

MemoryKind memory_of(uint64_t stable_name) {
  return static_cast<MemoryKind>(stable_name >> kKindShift);
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
bool in_trial() { return rt.trial != nullptr; }

Outside::Outside() : was_(rt.active) { rt.active = 0; }
Outside::~Outside() { rt.active = was_; }
Uncounted::Uncounted() : was_(rt.accesses) {}
Uncounted::~Uncounted() { rt.accesses = was_; }
void count_accesses_but(uint64_t uncounted) { rt.accesses = -uncounted; }
void begin_atomic() { ++rt.current->refused; }
void end_atomic() { --rt.current->refused; }

const char* name_of(Finding finding) {
  constexpr const char* kNames[] = {
      "none",     "deadlock", "lost wake-up", "livelock",  "abort",          "exception",
      "signal",   "exit",     "misuse",       "data race", "use after free", "double free",
      "bad free", "leak",     "not modelled", "stale",     "nondeterminism", "no progress"};
  static_assert(sizeof kNames / sizeof *kNames == unsigned(Finding::kNoProgress) + 1);
  return kNames[static_cast<unsigned>(finding)];
}

}  // namespace weft::explore
