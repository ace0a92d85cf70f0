// What the explorer knows of the objects that threads meet at: locks, conditions, semaphores, ...
//
// The tested code's own memory is neither read nor written for it: a lock that an abandoned
// execution left locked is free in the next one.
//
// Thread safety: as runtime.h.
// Invariants:     (I1) an Object's address does not change while the execution lasts.
//                 (I2) objects of different kinds may have one address (a futex inside a lock).
#pragma once

#include <stdint.h>

#include "stress/explore/runtime.h"

namespace weft::explore {

enum class Kind : uint8_t {
  kMutex,
  kSharedMutex,
  kSpinLock,
  kCondition,
  kSemaphore,
  kBarrier,
  kFutex,
  kOnce,
  kFile,
  kAnnotated,  // told by the hooks of annotate.h
  kNumber,     // an address of the heap, numbered
};

// "mutex", "shared mutex", ...
const char* name_of(Kind kind);

struct Object {
  uintptr_t address;
  Kind kind;
  bool fresh;             // made by this very call of object()
  uint8_t type;           // of a mutex: PTHREAD_MUTEX_...; of an annotated one: see hooks.cc
  bool silent;            // GoogleTest's own (test_framework.h)
  uint16_t life;          // how many objects had ended before it began
  ThreadId notifier;      // of a condition or a futex: the last one; kNobody if there was none
  uint32_t depth;         // of a recursive lock; readers of a shared one; arrivals at a barrier
  unsigned notified_at;   // the event that tells of the notifier
  unsigned woken;         // so many were
  int64_t value;          // of a semaphore; threads a barrier waits for; a number
  Thread* owner;          // holds it exclusively
  const Object* mutex;    // that a condition was last waited on with
  const char* type_name;  // of an annotated one
  WaitList waiting;
  WaitList sharing;  // those of them that want a shared lock
  char name[32];
};
static_assert(sizeof(Object) == 128, "two lines of the cache, found by a shift");

Object& object(uintptr_t address, Kind kind);
// Null if it was not met in this execution.
Object* known_object(uintptr_t address, Kind kind);
void forget_object(uintptr_t address, Kind kind);
// Of every kind, when an execution begins.
void forget_objects();
// Whether any object lies in the heap, and whether one may lie in this line of it: of those objects
// that have an end, not of numbers and of what hooks told.
inline constexpr uintptr_t kObjectLine = 64;
extern bool any_object_in_heap __attribute__((visibility("hidden")));
bool may_be_object_at(uintptr_t address);
// How many there are, and each in the order in which they were met.
unsigned object_count();
const Object& object_at(unsigned i);

// The thread that holds whatever is at this address, or kNobody.
ThreadId holder_of(uintptr_t address);

// An address of the heap as a number: the toucher's id and how many it had touched before.
uint64_t number_of_heap_object(uintptr_t address);

}  // namespace weft::explore
