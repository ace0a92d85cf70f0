#include "stress/explore/conflicts.h"

#include "stress/explore/runtime.h"
#include "stress/explore/startup.h"

namespace weft::explore {
namespace {

// Who was last at an object. Objects share slots: then a pair is missed.
struct Last {
  uintptr_t object;
  uintptr_t pc;
  uint64_t execution;  // of rt.executions
  ThreadId thread;
  bool only_reads;
};
constexpr unsigned kSlots = 1024;

Last slots[kSlots];
uint64_t bits[kConflictWords];
unsigned fresh = 0;

uint64_t mixed(uint64_t value) {
  value *= 0x9E3779B97F4A7C15u;
  return value ^ (value >> 29);
}

void add_pair(uintptr_t first, uintptr_t second) {
  const uint64_t hash = mixed(mixed(load_independent(first)) ^ load_independent(second)) >> 20;
  const uint64_t number = hash % (kConflictWords * 64);
  const uint64_t bit = uint64_t{1} << (number % 64);
  if ((bits[number / 64] & bit) != 0) return;
  bits[number / 64] |= bit;
  ++fresh;
}

}  // namespace

void begin_cover() { fresh = 0; }

void cover(ThreadId thread, const Operation& operation) {
  if (operation.object == 0) return;
  Last& last = slots[(mixed(operation.object) >> 40) % kSlots];
  const bool reads = only_reads(operation.op);
  if (last.execution == rt.executions && last.object == operation.object && last.thread != thread &&
      !(reads && last.only_reads)) {
    add_pair(last.pc, operation.pc);
  }
  last = {operation.object, operation.pc, rt.executions, thread, reads};
}

unsigned new_conflicts() { return fresh; }
void forget_conflicts() {
  for (uint64_t& word : bits) word = 0;
}
uint64_t* conflicts() { return bits; }

}  // namespace weft::explore
