#include "stress/explore/destruction.h"

#include <pthread.h>

#include "stress/explore/interpose.h"
#include "stress/explore/scheduling.h"

namespace weft::explore {
namespace {

// In a word that no initialised object has it in: a negative type of mutex (glibc's own mark), else
// a large number.
constexpr int kDestroyedMutex = -1;
constexpr uint32_t kDestroyed = 0x5eadb0d1;

uint32_t* mark_of(uintptr_t address, Kind kind) {
  switch (kind) {
    case Kind::kCondition:
      return &reinterpret_cast<pthread_cond_t*>(address)->__data.__g1_orig_size;
    case Kind::kSharedMutex:
    case Kind::kSemaphore:
    case Kind::kBarrier:
    case Kind::kSpinLock:
      return reinterpret_cast<uint32_t*>(address);
    default:
      return nullptr;
  }
}

void mark(uintptr_t address, Kind kind) {
  if (kind == Kind::kMutex) {
    reinterpret_cast<pthread_mutex_t*>(address)->__data.__kind = kDestroyedMutex;
  } else if (uint32_t* word = mark_of(address, kind)) {
    *word = kDestroyed;
  }
}

bool is_marked(uintptr_t address, Kind kind) {
  if (kind == Kind::kMutex) {
    return reinterpret_cast<const pthread_mutex_t*>(address)->__data.__kind == kDestroyedMutex;
  }
  const uint32_t* word = mark_of(address, kind);
  return word != nullptr && *word == kDestroyed;
}

// Null if nobody uses it.
const char* use_of(const Object& object) {
  if (!object.waiting.empty() || !object.sharing.empty()) return "a thread waits for it";
  const bool may_be_held = object.kind == Kind::kMutex || object.kind == Kind::kSharedMutex ||
                           object.kind == Kind::kSpinLock;
  if (may_be_held && object.owner != nullptr) return "a thread holds it";
  if (object.kind == Kind::kSharedMutex && object.depth > 0) return "a thread shares it";
  return nullptr;
}

[[noreturn]] void found(const Operation& end, const char* before, const Object& object,
                        const char* after, const char* use) {
  char text[128];
  copy_text(text, sizeof text, before, name_of(object.kind));
  char more[128];
  copy_text(more, sizeof more, after, use);
  rt.current->pending = end;
  end_execution(Finding::kMisuse, text, more);
}

constexpr Kind kEnding[] = {Kind::kMutex,     Kind::kSharedMutex, Kind::kSpinLock, Kind::kCondition,
                            Kind::kSemaphore, Kind::kBarrier,     Kind::kFutex};

}  // namespace

void end_object(volatile void* address, Kind kind, uintptr_t pc) {
  const Operation end = operation(Op::kDestroy, address, pc);
  point(end);
  if (const Object* known = known_object(address_of(address), kind)) {
    if (const char* use = use_of(*known)) found(end, "a ", *known, " was destroyed while ", use);
  }
  note(end, 0, false);
  check_end(address, pc);
  forget_object(address_of(address), kind);
  mark(address_of(address), kind);
}

void refuse_destroyed(const Object& object, Op op, uintptr_t pc) {
  if (!is_marked(object.address, object.kind)) return;
  rt.current->pending = Operation::made(op, object.address, pc);
  char text[64];
  copy_text(text, sizeof text, "a ", name_of(object.kind));
  end_execution(Finding::kMisuse, text, " is used that was destroyed");
}

bool may_hold_objects(uintptr_t block, size_t bytes) {
  if (!any_object_in_heap) return false;
  constexpr size_t kMost = 4096;
  if (bytes > kMost) return true;
  for (uintptr_t at = block; at < block + bytes; at += kObjectLine) {
    if (may_be_object_at(at)) return true;
  }
  return may_be_object_at(block + bytes - 1);
}

void end_memory(uintptr_t block, size_t bytes, uintptr_t pc) {
  constexpr uintptr_t kStep = 4;  // a futex is aligned so
  for (uintptr_t at = block; at < block + bytes; at += kStep) {
    if (!may_be_object_at(at)) {
      at = (at | (kObjectLine - 1)) + 1 - kStep;
      continue;
    }
    for (Kind kind : kEnding) {
      const Object* known = known_object(at, kind);
      if (known == nullptr) continue;
      if (const char* use = use_of(*known)) {
        found(Operation::made(Op::kDestroy, at, pc), "memory was freed with a ", *known,
              " in it, while ", use);
      }
      forget_object(at, kind);
    }
  }
}

}  // namespace weft::explore
