// What the interposing sources share.
//
// Each defines functions of libc under their own names. A thread that is not under test, or that
// runs outside an execution, is handed on to libc.
//
// Thread safety: as runtime.h.
#pragma once

#include <errno.h>
#include <stdint.h>
#include <time.h>

#include "stress/explore/objects.h"
#include "stress/explore/races.h"
#include "stress/explore/real.h"
#include "stress/explore/runtime.h"

namespace weft::explore {

inline uintptr_t address_of(const volatile void* object) {
  return reinterpret_cast<uintptr_t>(object);
}

inline Operation operation(Op op, const volatile void* object, uintptr_t pc) {
  return Operation::made(op, address_of(object), pc);
}

// Whoever uses an object must come before its end.
inline void check_end(const volatile void* object, uintptr_t pc) {
  check_range(address_of(object), 1, AccessKind::kWrite, pc);
}

inline constexpr int64_t kSecond = 1'000'000'000;

// Saturating, in nanoseconds of virtual time. Null is never.
int64_t deadline_after(const timespec* duration);
// `clock` is CLOCK_REALTIME, CLOCK_MONOTONIC, or one that runs with it.
int64_t deadline_at(clockid_t clock, const timespec* time);
inline bool is_valid(const timespec* time) { return time->tv_nsec >= 0 && time->tv_nsec < kSecond; }
// Since the epoch of the clock.
int64_t virtual_time(clockid_t clock);

// Keeps who notified last, for lost_wakeup.h; the event that tells so comes next.
inline void was_notified(Object& object, unsigned woken) {
  object.notifier = rt.current->id;
  object.notified_at = rt.events.size();
  object.woken = woken;
}

// The mutex of a pthread_mutex_t; its type is read off when it is first met. Used by conditions.
Object& mutex_object(const volatile void* address);
// Ends the execution if somebody waits for a robust mutex that its holder will not give back.
void refuse_abandoned_mutexes();
// Takes it for the current thread, waiting until `deadline`: 0, ETIMEDOUT, EDEADLK, ...
int lock_mutex(Object& mutex, Op op, uintptr_t pc, int64_t deadline = kNever);
// Without a scheduling point: hands it over to whoever waits. Returns how deep it was held.
uint32_t give_up_mutex(Object& mutex);

}  // namespace weft::explore
