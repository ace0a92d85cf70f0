#include "stress/explore/objects.h"

#include "stress/explore/heap.h"

namespace weft::explore {

bool any_object_in_heap = false;

namespace {

constexpr uint32_t kMaxObjects = 4 << 20;

struct Slot {
  uintptr_t address;
  uint32_t generation;
  uint32_t index;
  Kind kind;
};

Object* objects = nullptr;
uint32_t count = 0;
Slot* slots = nullptr;
uint32_t slot_mask = 0;
uint32_t generation = 0;
uint16_t ended = 0;  // in this execution; may wrap around

// A bit for the lines of the heap that objects lie in, by their last bits.
constexpr unsigned kLines = 4096;
uint64_t lines[kLines / 64];

void remember_line(uintptr_t address) {
  const uintptr_t line = address / kObjectLine % kLines;
  lines[line / 64] |= uint64_t{1} << line % 64;
  any_object_in_heap = true;
}

Slot* new_slots(uint32_t size) {
  auto* fresh = reinterpret_cast<Slot*>(map_memory(0, uint64_t{size} * sizeof(Slot)));
  if (fresh == nullptr) raw_die("no memory for the explorer's tables");
  return fresh;
}

uint32_t hash(uintptr_t address, Kind kind) {
  const uint64_t product = (address ^ (uint64_t(kind) << 56)) * 0x9E3779B97F4A7C15u;
  return static_cast<uint32_t>(product >> 32);
}

// The slot of this object, or the free one where it belongs.
Slot& slot_of(uintptr_t address, Kind kind) {
  uint32_t at = hash(address, kind) & slot_mask;
  while (slots[at].generation == generation &&
         (slots[at].address != address || slots[at].kind != kind)) {
    at = (at + 1) & slot_mask;
  }
  return slots[at];
}

void grow() {
  Slot* old = slots;
  const uint32_t old_size = slot_mask + 1;
  slots = new_slots(old_size * 2);
  slot_mask = old_size * 2 - 1;
  for (uint32_t i = 0; i < old_size; ++i) {
    if (old[i].generation == generation) slot_of(old[i].address, old[i].kind) = old[i];
  }
  raw_syscall(SYS_munmap, long(old), long(uint64_t{old_size} * sizeof(Slot)));
}

[[gnu::noinline]] Object& new_object(uintptr_t address, Kind kind) {
  Slot* slot = &slot_of(address, kind);
  if (count * 2 > slot_mask) {
    grow();
    slot = &slot_of(address, kind);
  }
  if (count == kMaxObjects) {
    end_execution(Finding::kNotModelled, "more objects than the explorer has room for (4 million)");
  }
  *slot = {address, generation, count, kind};
  Object& made = objects[count++];
  made = {};
  made.address = address;
  made.kind = kind;
  made.life = ended;
  made.fresh = true;
  made.notifier = kNobody;
  if (kind < Kind::kAnnotated && heap_owns(address)) remember_line(address);
  return made;
}

}  // namespace

Object& object(uintptr_t address, Kind kind) {
  const Slot& slot = slot_of(address, kind);
  if (slot.generation != generation) return new_object(address, kind);
  Object& known = objects[slot.index];
  known.fresh = false;
  return known;
}

Object* known_object(uintptr_t address, Kind kind) {
  const Slot& slot = slot_of(address, kind);
  return slot.generation == generation ? &objects[slot.index] : nullptr;
}

void forget_object(uintptr_t address, Kind kind) {
  Slot& slot = slot_of(address, kind);
  if (slot.generation != generation) return;
  // The slot stays in use, so that those behind it are still found; an address of 1 is nobody's.
  slot.address = 1;
  ++ended;
}

void forget_objects() {
  if (objects == nullptr) {
    objects = reinterpret_cast<Object*>(map_memory(0, uint64_t{kMaxObjects} * sizeof(Object)));
    if (objects == nullptr) raw_die("no memory for the explorer's tables");
    slots = new_slots(1024);
    slot_mask = 1023;
  }
  count = ended = 0;
  if (any_object_in_heap) __builtin_memset(lines, 0, sizeof lines);
  any_object_in_heap = false;
  ++generation;
}

bool may_be_object_at(uintptr_t address) {
  const uintptr_t line = address / kObjectLine % kLines;
  return (lines[line / 64] >> line % 64 & 1) != 0;
}

unsigned object_count() { return count; }
const Object& object_at(unsigned i) { return objects[i]; }

ThreadId holder_of(uintptr_t address) {
  if (address == 0) return kNobody;
  constexpr Kind kHeld[] = {Kind::kMutex,     Kind::kSharedMutex, Kind::kSpinLock,
                            Kind::kAnnotated, Kind::kOnce,        Kind::kFile};
  for (Kind kind : kHeld) {
    const Object* known = known_object(address, kind);
    if (known != nullptr && known->owner != nullptr) return known->owner->id;
  }
  return kNobody;
}

uint64_t number_of_heap_object(uintptr_t address) {
  Object& known = object(address, Kind::kNumber);
  if (known.fresh) {
    known.value = (int64_t(rt.current->id) << 24) | ++rt.current->touched;
  }
  return static_cast<uint64_t>(known.value);
}

const char* name_of(Kind kind) {
  constexpr const char* kNames[] = {"mutex",     "shared mutex", "spin lock", "condition",
                                    "semaphore", "barrier",      "futex",     "once",
                                    "file",      "object",       "memory"};
  return kNames[static_cast<unsigned>(kind)];
}

}  // namespace weft::explore
