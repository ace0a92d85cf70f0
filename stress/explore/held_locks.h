// The locks of the running execution, as lock_order.h sees them: what a thread takes and lets go.
//
// Thread safety: as runtime.h.
#pragma once

#include "stress/explore/lock_order.h"
#include "stress/explore/objects.h"
#include "stress/explore/runtime.h"

namespace weft::explore {

extern LockOrder lock_order __attribute__((visibility("hidden")));

inline constexpr unsigned kLifeShift = 48;
inline LockId lock_id(const Object& lock) {
  return lock.address ^ (uint64_t(lock.life) << kLifeShift);
}
inline uintptr_t address_of_lock(LockId lock) { return lock & ((uint64_t(1) << kLifeShift) - 1); }

// The current thread has got it; the event that tells so comes next.
inline void lock_taken(const Object& lock, unsigned how) {
  lock_order.take(rt.current->locks, rt.current->id, lock_id(lock), static_cast<uint8_t>(how),
                  rt.events.size());
}
inline void lock_let_go(const Object& lock) { lock_order.let_go(rt.current->locks, lock_id(lock)); }
// The current thread gives a permit to a semaphore: one that it had, or a new one.
inline void permit_given(const Object& semaphore) {
  if (!lock_order.has(rt.current->locks, lock_id(semaphore))) return;
  lock_let_go(semaphore);
  lock_order.is_gate(lock_id(semaphore));
}
// The current thread lets go of what `holder` had.
inline void lock_let_go_by(Thread& holder, const Object& lock) {
  lock_order.let_go(holder.locks, lock_id(lock));
  if (&holder != rt.current) lock_order.is_signal(lock_id(lock));
}

}  // namespace weft::explore
