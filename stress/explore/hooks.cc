// What the tested code may tell: the hooks of primitives/annotate.h, by which reports know names
// and holders, and ThreadSanitizer's annotations, which headers call when they see
// -fsanitize=thread.
#include <stddef.h>

#include "stress/explore/held_locks.h"
#include "stress/explore/interpose.h"
#include "stress/explore/lost_wakeup.h"

namespace weft::explore {
namespace {

void set_name(Object& object, const char* name) {
  size_t at = 0;
  for (; name[at] != '\0' && at + 1 < sizeof object.name; ++at) object.name[at] = name[at];
  object.name[at] = '\0';
}

void annotated_acquire(const volatile void* address) {
  if (controlled()) acquire(address_of(address));
}
void annotated_release(const volatile void* address) {
  if (controlled()) release(address_of(address));
}

Object& annotated(const void* address) { return object(address_of(address), Kind::kAnnotated); }

// What hooks call the kind of an object, by the end of its name: looked at once for each object,
// and kept as Object::type.
enum Held : uint8_t { kUnknown, kLock, kSemaphore, kOther };

Held held_of(const char* kind) {
  const char* end = kind;
  while (*end != '\0') ++end;
  const auto ends_with = [&](const char* word, long size) {
    if (end - kind < size) return false;
    for (long i = 0; i < size; ++i) {
      if (end[i - size] != word[i]) return false;
    }
    return true;
  };
  if (ends_with("ock", 3)) return kLock;
  return ends_with("emaphore", 8) ? kSemaphore : kOther;
}

Held held_of(Object& object, const char* kind) {
  if (object.type == kUnknown) object.type = held_of(kind);
  return static_cast<Held>(object.type);
}

}  // namespace
}  // namespace weft::explore

using namespace weft::explore;

extern "C" {

void weft_on_waiting(const void* address, const char* kind) {
  if (!controlled()) return;
  annotated(address).type_name = kind;
  rt.current->waits_for = address_of(address);
  rt.current->waits_since = rt.steps;
  rt.current->wait_is_limited = false;
  if (rt.trial != nullptr) told_in_trial(address_of(address), ByHook::kWaits);
  show(operation(Op::kWaiting, address, WEFT_EXPLORE_PC()));
}

void weft_on_limited(const void*) {
  if (controlled()) rt.current->wait_is_limited = true;
}

void weft_on_acquired(const void* address, const char* kind) {
  if (!controlled()) return;
  Object& object = annotated(address);
  object.type_name = kind;
  object.owner = rt.current;
  rt.current->waits_for = 0;
  const Held held = held_of(object, kind);
  // A recursive one is told of once for each time, but of its end once.
  if (held == kLock && !lock_order.has(rt.current->locks, lock_id(object))) {
    lock_taken(object, LockOrder::kTold | (rt.current->wait_is_limited ? 0u : LockOrder::kWaits));
  } else if (held == kSemaphore) {
    lock_taken(object, LockOrder::kPermit);
  }
  show(operation(Op::kAcquired, address, WEFT_EXPLORE_PC()));
}

void weft_on_released(const void* address, const char* kind) {
  if (!controlled()) return;
  if (rt.current->waits_for == address_of(address)) {
    rt.current->waits_for = 0;
  } else if (Object* known = known_object(address_of(address), Kind::kAnnotated)) {
    if (held_of(*known, kind) == kSemaphore) {
      permit_given(*known);
    } else if (known->owner != nullptr) {
      if (rt.trial != nullptr) told_in_trial(address_of(address), ByHook::kLetsGo);
      lock_let_go_by(*known->owner, *known);
    }
    known->owner = nullptr;
    show(operation(Op::kReleased, address, WEFT_EXPLORE_PC()));
  }
}

void weft_on_notified(const void* address, unsigned long woken) {
  if (!controlled()) return;
  Object& condition = annotated(address);
  was_notified(condition, static_cast<unsigned>(woken));
  condition.value = static_cast<int64_t>(rt.steps);
  show(operation(Op::kNotified, address, WEFT_EXPLORE_PC()));
}

bool weft_wait_is_tried(const void* address) {
  return controlled() && is_tried(*rt.current, address_of(address));
}

void weft_on_named(const void* address, const char* name) {
  if (controlled()) set_name(annotated(address), name);
}

void weft_on_destroyed(const void* address) {
  if (controlled()) forget_object(address_of(address), Kind::kAnnotated);
}

// A place where another thread may come in between, which matters for plain accesses.
void weft_on_point(const char*) {
  if (!controlled()) return;
  const Operation place = operation(Op::kPoint, nullptr, WEFT_EXPLORE_PC());
  point(place);
  note(place, 0, false);
}

// ThreadSanitizer's annotations, with its meaning (sanitizer/tsan_interface.h). What a lock does
// inside, between pre_ and post_, is not looked at.
void __tsan_acquire(void* address) { annotated_acquire(address); }
void __tsan_release(void* address) { annotated_release(address); }
void __tsan_mutex_create(void*, unsigned) {}
void __tsan_mutex_destroy(void*, unsigned) {}
void __tsan_mutex_pre_lock(void*, unsigned) { ignore_accesses(true); }
void __tsan_mutex_post_lock(void* address, unsigned flags, int) {
  constexpr unsigned kTryLockFailed = 1 << 5;
  ignore_accesses(false);
  if ((flags & kTryLockFailed) == 0) annotated_acquire(address);
}
int __tsan_mutex_pre_unlock(void* address, unsigned) {
  annotated_release(address);
  ignore_accesses(true);
  return 0;
}
void __tsan_mutex_post_unlock(void*, unsigned) { ignore_accesses(false); }
void __tsan_mutex_pre_signal(void*, unsigned) { ignore_accesses(true); }
void __tsan_mutex_post_signal(void*, unsigned) { ignore_accesses(false); }
void __tsan_mutex_pre_divert(void*, unsigned) { ignore_accesses(false); }
void __tsan_mutex_post_divert(void*, unsigned) { ignore_accesses(true); }
void AnnotateHappensBefore(const char*, int, const volatile void* address) {
  annotated_release(address);
}
void AnnotateHappensAfter(const char*, int, const volatile void* address) {
  annotated_acquire(address);
}
void AnnotateIgnoreReadsBegin(const char*, int) { ignore_accesses(true); }
void AnnotateIgnoreReadsEnd(const char*, int) { ignore_accesses(false); }
void AnnotateIgnoreWritesBegin(const char*, int) { ignore_accesses(true); }
void AnnotateIgnoreWritesEnd(const char*, int) { ignore_accesses(false); }
void AnnotateIgnoreSyncBegin(const char*, int) {}
void AnnotateIgnoreSyncEnd(const char*, int) {}
void AnnotateBenignRace(const char*, int, const volatile void* address, const char*) {
  if (controlled()) allow_races(address_of(address), 8);
}
void AnnotateBenignRaceSized(const char*, int, const volatile void* address, size_t size,
                             const char*) {
  if (controlled()) allow_races(address_of(address), size);
}
void AnnotateNewMemory(const char*, int, const volatile void* address, size_t size) {
  if (controlled() && rt.races) forget_range(address_of(address), size);
}
void AnnotateFlushState(const char*, int) {}
void AnnotateRWLockCreate(const char*, int, const volatile void*) {}
void AnnotateRWLockCreateStatic(const char*, int, const volatile void*) {}
void AnnotateRWLockDestroy(const char*, int, const volatile void*) {}
void AnnotateRWLockAcquired(const char*, int, const volatile void* address, long) {
  annotated_acquire(address);
}
void AnnotateRWLockReleased(const char*, int, const volatile void* address, long) {
  annotated_release(address);
}
void AnnotateThreadName(const char*, int, const char* name) {
  if (controlled()) set_thread_name(name);
}
int RunningOnValgrind() { return 0; }
}
