// pthread mutexes of every type, spin locks, and the locks of stdio's files.
#include <pthread.h>
#include <stdio.h>

#include "stress/explore/destruction.h"
#include "stress/explore/held_locks.h"
#include "stress/explore/interpose.h"
#include "stress/explore/startup.h"
#include "stress/explore/test_framework.h"

namespace weft::explore {
namespace {

void set_open(Object& mutex, bool open) {
  for (Thread* waiter = mutex.waiting.first; waiter != nullptr; waiter = waiter->next) {
    open ? enable(*waiter) : disable(*waiter);
  }
}

// A cycle of threads each of which waits, without a time-out, for a lock that the next one holds:
// whatever others do, none of these goes on.
void look_for_cycle(const Object& mutex) {
  const Thread* next = mutex.owner;
  for (unsigned i = 0; next != nullptr && i < kMaxThreads; ++i) {
    if (next == rt.current) end_execution(Finding::kDeadlock, "a cycle of locks");
    const Op op = next->pending.op;
    if ((op != Op::kLock && op != Op::kRelock) || next->pending.timed || rt.ready.has(next->id)) {
      return;
    }
    const ThreadId holder = holder_of(next->pending.object);
    next = holder == kNobody ? nullptr : rt.threads[holder];
  }
}

constexpr const char* kAbandoned = "a robust mutex whose holder has ended";
constexpr const char* kWhatAbandonedIs = "nobody is told of EOWNERDEAD";

void take(Object& mutex, uint8_t how, uintptr_t pc) {
  check_acquire(mutex.address, pc);
  mutex.owner = rt.current;
  mutex.depth = 1;
  lock_taken(mutex, how);
  if (!mutex.waiting.empty()) set_open(mutex, false);
}

[[noreturn]] void misuse(const Operation& operation, const char* what) {
  rt.current->pending = operation;
  end_execution(Finding::kMisuse, what);
}

int unlock_mutex(Object& mutex, uintptr_t pc, const char* stranger, const char* nobody) {
  const Operation unlock = operation(Op::kUnlock, reinterpret_cast<void*>(mutex.address), pc);
  if (mutex.fresh) refuse_destroyed(mutex, Op::kUnlock, pc);
  point(unlock);
  if (mutex.owner != rt.current) {
    if (mutex.type == PTHREAD_MUTEX_ERRORCHECK || mutex.type == PTHREAD_MUTEX_RECURSIVE) {
      note(unlock, EPERM, false);
      return EPERM;
    }
    misuse(unlock, mutex.owner == nullptr ? nobody : stranger);
  }
  if (--mutex.depth == 0) {
    check_release(mutex.address, pc);
    mutex.owner = nullptr;
    lock_let_go(mutex);
    set_open(mutex, true);
  }
  note(unlock, 0, true);
  return 0;
}

// A robust one whose holder has ended, and of which the next is told so.
bool is_abandoned(const Object& mutex) {
  constexpr int kRobust = 16;
  if (mutex.kind != Kind::kMutex || mutex.owner == nullptr ||
      mutex.owner->state != Thread::State::kEnded) {
    return false;
  }
  return (reinterpret_cast<const pthread_mutex_t*>(mutex.address)->__data.__kind & kRobust) != 0;
}

void refuse_abandoned(const Object& mutex, uintptr_t pc) {
  if (is_abandoned(mutex)) refuse(kAbandoned, pc, kWhatAbandonedIs);
}

int try_lock_mutex(Object& mutex, uintptr_t pc) {
  const Operation attempt = operation(Op::kTryLock, reinterpret_cast<void*>(mutex.address), pc);
  if (mutex.fresh) refuse_destroyed(mutex, Op::kTryLock, pc);
  point(attempt);
  refuse_abandoned(mutex, pc);
  if (mutex.owner == rt.current && mutex.type == PTHREAD_MUTEX_RECURSIVE) {
    ++mutex.depth;
    note(attempt, 0, true);
    return 0;
  }
  if (mutex.owner != nullptr) {
    check_use(mutex.address, pc);
    note(attempt, EBUSY, false);
    return EBUSY;
  }
  take(mutex, 0, pc);
  note(attempt, 0, true);
  return 0;
}

// GoogleTest's own, see test_framework.h. One that is held is waited for as any other. It orders no
// threads, so what it guards is no matter of races.
int lock_framework_mutex(Object& mutex, uintptr_t pc) {
  ignore_accesses(true);
  if (mutex.owner != nullptr) return lock_mutex(mutex, Op::kLock, pc);
  mutex.owner = rt.current;
  mutex.depth = 1;
  return 0;
}
int unlock_framework_mutex(Object& mutex) {
  mutex.owner = nullptr;
  mutex.depth = 0;
  set_open(mutex, true);
  ignore_accesses(false);
  return 0;
}

// A library's own: held only while no scheduling point comes by. It orders threads all the same.
bool is_exempt(const void* mutex) { return is_in_runtime_library(address_of(mutex)); }

int after_exempt(int error, const void* mutex) {
  if (error == 0 && controlled()) acquire(address_of(mutex));
  return error;
}

Object& spin_object(const volatile void* address) {
  return object(address_of(address), Kind::kSpinLock);
}

Object& file_object(const void* address) {
  Object& file = object(address_of(address), Kind::kFile);
  file.type = PTHREAD_MUTEX_RECURSIVE;
  return file;
}

}  // namespace

Object& mutex_object(const volatile void* address) {
  Object& mutex = object(address_of(address), Kind::kMutex);
  if (mutex.owner == nullptr) {
    // Read each time: a mutex that needs no initialisation may lie where another one was. The low
    // bits are the type; the others say robust, shared and priorities.
    const int kind = reinterpret_cast<const volatile pthread_mutex_t*>(address)->__data.__kind;
    mutex.type = static_cast<uint8_t>(kind & 3);
    if (mutex.type == PTHREAD_MUTEX_ADAPTIVE_NP) mutex.type = PTHREAD_MUTEX_NORMAL;
  }
  return mutex;
}

void refuse_abandoned_mutexes() {
  for (unsigned id = 0; id < rt.thread_count; ++id) {
    const Operation& pending = rt.threads[id]->pending;
    const Object* mutex =
        rt.threads[id]->list == nullptr ? nullptr : known_object(pending.object, Kind::kMutex);
    if (mutex != nullptr) refuse_abandoned(*mutex, 0);  // where it waits is recorded
  }
}

int lock_mutex(Object& mutex, Op op, uintptr_t pc, int64_t deadline) {
  Thread& me = *rt.current;
  const Operation lock = operation(op, reinterpret_cast<void*>(mutex.address), pc);
  if (mutex.fresh) refuse_destroyed(mutex, op, pc);
  if (mutex.owner == &me && mutex.type == PTHREAD_MUTEX_RECURSIVE) {
    point(lock);
    ++mutex.depth;
    note(lock, 0, true);
    return 0;
  }
  if (mutex.owner == &me && mutex.type == PTHREAD_MUTEX_ERRORCHECK) return EDEADLK;
  refuse_abandoned(mutex, pc);
  if (mutex.owner != nullptr && deadline == kNever) {
    me.pending = lock;
    if (mutex.owner == &me) end_execution(Finding::kDeadlock, "a thread locks again what it holds");
    look_for_cycle(mutex);
  }
  block(mutex.waiting, lock, mutex.owner == nullptr, deadline);
  if (me.timed_out) {
    note(operation(Op::kTimeout, reinterpret_cast<void*>(mutex.address), pc), 0, true);
    return ETIMEDOUT;
  }
  take(mutex, deadline == kNever ? LockOrder::kWaits : 0, pc);
  note(lock, 0, true);
  return 0;
}

uint32_t give_up_mutex(Object& mutex) {
  const uint32_t depth = mutex.depth;
  release(mutex.address);
  mutex.owner = nullptr;
  mutex.depth = 0;
  lock_let_go(mutex);
  set_open(mutex, true);
  return depth;
}

}  // namespace weft::explore

using namespace weft::explore;

extern "C" {

int pthread_mutex_init(pthread_mutex_t* mutex, const pthread_mutexattr_t* attributes) {
  static Real<int(pthread_mutex_t*, const pthread_mutexattr_t*)> real{"pthread_mutex_init"};
  if (controlled()) forget_object(address_of(mutex), Kind::kMutex);
  return real(mutex, attributes);
}

int pthread_mutex_destroy(pthread_mutex_t* mutex) {
  static Real<int(pthread_mutex_t*)> real{"pthread_mutex_destroy"};
  if (!controlled()) return real(mutex);
  end_object(mutex, Kind::kMutex, WEFT_EXPLORE_PC());
  return 0;
}

int pthread_mutex_lock(pthread_mutex_t* mutex) {
  static Real<int(pthread_mutex_t*)> real{"pthread_mutex_lock"};
  if (!controlled() || is_exempt(mutex)) return after_exempt(real(mutex), mutex);
  Object& known = mutex_object(mutex);
  if (known.fresh) known.silent = is_in_test_framework(WEFT_EXPLORE_PC());
  if (known.silent) return lock_framework_mutex(known, WEFT_EXPLORE_PC());
  return lock_mutex(known, Op::kLock, WEFT_EXPLORE_PC());
}

int pthread_mutex_trylock(pthread_mutex_t* mutex) {
  static Real<int(pthread_mutex_t*)> real{"pthread_mutex_trylock"};
  if (!controlled() || is_exempt(mutex)) return after_exempt(real(mutex), mutex);
  return try_lock_mutex(mutex_object(mutex), WEFT_EXPLORE_PC());
}

int pthread_mutex_clocklock(pthread_mutex_t* mutex, clockid_t clock, const timespec* time) {
  static Real<int(pthread_mutex_t*, clockid_t, const timespec*)> real{"pthread_mutex_clocklock"};
  if (!controlled()) return real(mutex, clock, time);
  if (!is_valid(time)) return EINVAL;
  return lock_mutex(mutex_object(mutex), Op::kLock, WEFT_EXPLORE_PC(), deadline_at(clock, time));
}

int pthread_mutex_timedlock(pthread_mutex_t* mutex, const timespec* time) {
  static Real<int(pthread_mutex_t*, const timespec*)> real{"pthread_mutex_timedlock"};
  if (!controlled()) return real(mutex, time);
  if (!is_valid(time)) return EINVAL;
  return lock_mutex(mutex_object(mutex), Op::kLock, WEFT_EXPLORE_PC(),
                    deadline_at(CLOCK_REALTIME, time));
}

int pthread_mutex_unlock(pthread_mutex_t* mutex) {
  static Real<int(pthread_mutex_t*)> real{"pthread_mutex_unlock"};
  if (!controlled()) return real(mutex);
  if (is_exempt(mutex)) {
    release(address_of(mutex));
    return real(mutex);
  }
  Object& known = mutex_object(mutex);
  if (known.silent) return unlock_framework_mutex(known);
  return unlock_mutex(known, WEFT_EXPLORE_PC(),
                      "a mutex was unlocked by a thread that does not hold it",
                      "a mutex was unlocked that nobody holds");
}

int pthread_spin_init(pthread_spinlock_t* lock, int shared) {
  static Real<int(pthread_spinlock_t*, int)> real{"pthread_spin_init"};
  if (controlled()) forget_object(address_of(lock), Kind::kSpinLock);
  return real(lock, shared);
}

int pthread_spin_destroy(pthread_spinlock_t* lock) {
  static Real<int(pthread_spinlock_t*)> real{"pthread_spin_destroy"};
  if (!controlled()) return real(lock);
  end_object(lock, Kind::kSpinLock, WEFT_EXPLORE_PC());
  return 0;
}

int pthread_spin_lock(pthread_spinlock_t* lock) {
  static Real<int(pthread_spinlock_t*)> real{"pthread_spin_lock"};
  if (!controlled()) return real(lock);
  return lock_mutex(spin_object(lock), Op::kLock, WEFT_EXPLORE_PC());
}

int pthread_spin_trylock(pthread_spinlock_t* lock) {
  static Real<int(pthread_spinlock_t*)> real{"pthread_spin_trylock"};
  if (!controlled()) return real(lock);
  return try_lock_mutex(spin_object(lock), WEFT_EXPLORE_PC());
}

int pthread_spin_unlock(pthread_spinlock_t* lock) {
  static Real<int(pthread_spinlock_t*)> real{"pthread_spin_unlock"};
  if (!controlled()) return real(lock);
  return unlock_mutex(spin_object(lock), WEFT_EXPLORE_PC(),
                      "a spin lock was unlocked by a thread that does not hold it",
                      "a spin lock was unlocked that nobody holds");
}

// The real lock of the file is not taken: printf() of another thread, which takes it inside libc,
// would otherwise block the whole exploration.
void flockfile(FILE* file) {
  static Real<void(FILE*)> real{"flockfile"};
  if (!controlled()) return real(file);
  lock_mutex(file_object(file), Op::kLock, WEFT_EXPLORE_PC());
}

int ftrylockfile(FILE* file) {
  static Real<int(FILE*)> real{"ftrylockfile"};
  if (!controlled()) return real(file);
  return try_lock_mutex(file_object(file), WEFT_EXPLORE_PC());
}

void funlockfile(FILE* file) {
  static Real<void(FILE*)> real{"funlockfile"};
  if (!controlled()) return real(file);
  unlock_mutex(file_object(file), WEFT_EXPLORE_PC(), "", "");
}
}
