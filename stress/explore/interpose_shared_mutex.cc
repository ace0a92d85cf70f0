// pthread read-write locks: std::shared_mutex and std::shared_timed_mutex. Readers go first, as
// glibc's do unless asked otherwise.
#include <pthread.h>

#include "stress/explore/destruction.h"
#include "stress/explore/held_locks.h"
#include "stress/explore/interpose.h"

namespace weft::explore {
namespace {

Object& shared_object(const void* address, Op op, uintptr_t pc) {
  Object& lock = object(address_of(address), Kind::kSharedMutex);
  if (lock.fresh) refuse_destroyed(lock, op, pc);
  return lock;
}

// Readers are ordered with writers, not with each other. What they release is kept beside what the
// writers do.
uintptr_t of_readers(const Object& lock) { return lock.address + 1; }

void acquire_as_writer(const Object& lock) {
  acquire(lock.address);
  acquire(of_readers(lock));
}

bool may_write(const Object& lock) { return lock.owner == nullptr && lock.depth == 0; }
bool may_read(const Object& lock) { return lock.owner == nullptr; }

void let_in(Object& lock) {
  for (Thread* t = lock.waiting.first; t != nullptr; t = t->next) {
    may_write(lock) ? enable(*t) : disable(*t);
  }
  for (Thread* t = lock.sharing.first; t != nullptr; t = t->next) {
    may_read(lock) ? enable(*t) : disable(*t);
  }
}

int lock_exclusive(void* address, uintptr_t pc, int64_t deadline) {
  Object& lock = shared_object(address, Op::kLock, pc);
  if (lock.owner == rt.current) return EDEADLK;
  const Operation wait = operation(Op::kLock, address, pc);
  if (deadline == kNever && lock_order.has(rt.current->locks, lock_id(lock))) {
    rt.current->pending = wait;
    end_execution(Finding::kDeadlock, "a thread wants for itself alone what it shares already");
  }
  block(lock.waiting, wait, may_write(lock), deadline);
  if (rt.current->timed_out) {
    note(operation(Op::kTimeout, address, pc), 0, true);
    return ETIMEDOUT;
  }
  check_use(lock.address, pc);
  acquire_as_writer(lock);
  lock.owner = rt.current;
  lock_taken(lock, deadline == kNever ? LockOrder::kWaits : 0);
  let_in(lock);
  note(wait, 0, true);
  return 0;
}

int lock_shared(void* address, uintptr_t pc, int64_t deadline) {
  Object& lock = shared_object(address, Op::kLockShared, pc);
  if (lock.owner == rt.current) return EDEADLK;
  const Operation wait = operation(Op::kLockShared, address, pc);
  block(lock.sharing, wait, may_read(lock), deadline);
  if (rt.current->timed_out) {
    note(operation(Op::kTimeout, address, pc), 0, true);
    return ETIMEDOUT;
  }
  check_use(lock.address, pc);
  acquire(lock.address);
  ++lock.depth;
  lock_taken(lock, LockOrder::kShared | (deadline == kNever ? LockOrder::kWaits : 0));
  let_in(lock);
  note(wait, lock.depth, true);
  return 0;
}

int try_lock(void* address, uintptr_t pc, bool shared) {
  Object& lock = shared_object(address, shared ? Op::kTryLockShared : Op::kTryLock, pc);
  const Operation attempt = operation(shared ? Op::kTryLockShared : Op::kTryLock, address, pc);
  point(attempt);
  check_use(lock.address, pc);
  if (shared ? !may_read(lock) : !may_write(lock)) {
    note(attempt, EBUSY, false);
    return EBUSY;
  }
  if (shared) {
    acquire(lock.address);
    ++lock.depth;
  } else {
    acquire_as_writer(lock);
    lock.owner = rt.current;
  }
  lock_taken(lock, shared ? LockOrder::kShared : 0);
  let_in(lock);
  note(attempt, 0, true);
  return 0;
}

int unlock(void* address, uintptr_t pc) {
  Object& lock = shared_object(address, Op::kUnlock, pc);
  const bool shared = lock.owner == nullptr;
  const Operation operation_ = operation(shared ? Op::kUnlockShared : Op::kUnlock, address, pc);
  point(operation_);
  check_use(lock.address, pc);
  if (lock.owner != nullptr && lock.owner != rt.current) {
    end_execution(Finding::kMisuse,
                  "a shared mutex was unlocked by a thread that does not hold it");
  }
  if (lock.owner == nullptr && lock.depth == 0) {
    end_execution(Finding::kMisuse, "a shared mutex was unlocked that nobody holds");
  }
  if (shared && !lock_order.has(rt.current->locks, lock_id(lock))) {
    end_execution(Finding::kMisuse,
                  "a shared mutex was unlocked by a thread that does not share it");
  }
  if (lock.owner != nullptr) {
    release(lock.address);
    lock.owner = nullptr;
  } else {
    release(of_readers(lock));
    --lock.depth;
  }
  lock_let_go(lock);
  let_in(lock);
  note(operation_, lock.depth, true);
  return 0;
}

}  // namespace
}  // namespace weft::explore

using namespace weft::explore;

extern "C" {

int pthread_rwlock_init(pthread_rwlock_t* lock, const pthread_rwlockattr_t* attributes) {
  static Real<int(pthread_rwlock_t*, const pthread_rwlockattr_t*)> real{"pthread_rwlock_init"};
  if (controlled()) forget_object(address_of(lock), Kind::kSharedMutex);
  return real(lock, attributes);
}

int pthread_rwlock_destroy(pthread_rwlock_t* lock) {
  static Real<int(pthread_rwlock_t*)> real{"pthread_rwlock_destroy"};
  if (!controlled()) return real(lock);
  end_object(lock, Kind::kSharedMutex, WEFT_EXPLORE_PC());
  return 0;
}

int pthread_rwlock_wrlock(pthread_rwlock_t* lock) {
  static Real<int(pthread_rwlock_t*)> real{"pthread_rwlock_wrlock"};
  if (!controlled()) return real(lock);
  return lock_exclusive(lock, WEFT_EXPLORE_PC(), kNever);
}

int pthread_rwlock_rdlock(pthread_rwlock_t* lock) {
  static Real<int(pthread_rwlock_t*)> real{"pthread_rwlock_rdlock"};
  if (!controlled()) return real(lock);
  return lock_shared(lock, WEFT_EXPLORE_PC(), kNever);
}

int pthread_rwlock_timedwrlock(pthread_rwlock_t* lock, const timespec* time) {
  static Real<int(pthread_rwlock_t*, const timespec*)> real{"pthread_rwlock_timedwrlock"};
  if (!controlled()) return real(lock, time);
  if (!is_valid(time)) return EINVAL;
  return lock_exclusive(lock, WEFT_EXPLORE_PC(), deadline_at(CLOCK_REALTIME, time));
}

int pthread_rwlock_timedrdlock(pthread_rwlock_t* lock, const timespec* time) {
  static Real<int(pthread_rwlock_t*, const timespec*)> real{"pthread_rwlock_timedrdlock"};
  if (!controlled()) return real(lock, time);
  if (!is_valid(time)) return EINVAL;
  return lock_shared(lock, WEFT_EXPLORE_PC(), deadline_at(CLOCK_REALTIME, time));
}

int pthread_rwlock_clockwrlock(pthread_rwlock_t* lock, clockid_t clock, const timespec* time) {
  static Real<int(pthread_rwlock_t*, clockid_t, const timespec*)> real{
      "pthread_rwlock_clockwrlock"};
  if (!controlled()) return real(lock, clock, time);
  if (!is_valid(time)) return EINVAL;
  return lock_exclusive(lock, WEFT_EXPLORE_PC(), deadline_at(clock, time));
}

int pthread_rwlock_clockrdlock(pthread_rwlock_t* lock, clockid_t clock, const timespec* time) {
  static Real<int(pthread_rwlock_t*, clockid_t, const timespec*)> real{
      "pthread_rwlock_clockrdlock"};
  if (!controlled()) return real(lock, clock, time);
  if (!is_valid(time)) return EINVAL;
  return lock_shared(lock, WEFT_EXPLORE_PC(), deadline_at(clock, time));
}

int pthread_rwlock_trywrlock(pthread_rwlock_t* lock) {
  static Real<int(pthread_rwlock_t*)> real{"pthread_rwlock_trywrlock"};
  if (!controlled()) return real(lock);
  return try_lock(lock, WEFT_EXPLORE_PC(), false);
}

int pthread_rwlock_tryrdlock(pthread_rwlock_t* lock) {
  static Real<int(pthread_rwlock_t*)> real{"pthread_rwlock_tryrdlock"};
  if (!controlled()) return real(lock);
  return try_lock(lock, WEFT_EXPLORE_PC(), true);
}

int pthread_rwlock_unlock(pthread_rwlock_t* lock) {
  static Real<int(pthread_rwlock_t*)> real{"pthread_rwlock_unlock"};
  if (!controlled()) return real(lock);
  return unlock(lock, WEFT_EXPLORE_PC());
}
}
