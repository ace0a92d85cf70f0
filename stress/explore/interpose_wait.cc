// Condition variables, semaphores and barriers.
#include <pthread.h>
#include <semaphore.h>

#include "stress/explore/destruction.h"
#include "stress/explore/held_locks.h"
#include "stress/explore/interpose.h"

namespace weft::explore {
namespace {

Object& condition_object(const void* address, Op op, uintptr_t pc) {
  Object& condition = object(address_of(address), Kind::kCondition);
  if (condition.fresh) refuse_destroyed(condition, op, pc);
  return condition;
}

// The clock that timed waits of a condition count by: glibc keeps it in a bit of the object.
clockid_t clock_of(const pthread_cond_t* condition) {
  return (condition->__data.__wrefs & 2) != 0 ? CLOCK_MONOTONIC : CLOCK_REALTIME;
}

int wait_on(pthread_cond_t* address, pthread_mutex_t* mutex_address, uintptr_t pc,
            int64_t deadline) {
  Thread& me = *rt.current;
  Object& condition = condition_object(address, Op::kWait, pc);
  Object& mutex = mutex_object(mutex_address);
  Operation wait = operation(Op::kWait, address, pc);
  wait.second = mutex.address;
  point(wait);
  check_use(wait.object, pc);
  if (mutex.owner != &me) {
    end_execution(Finding::kMisuse, "a condition was waited on without its mutex held");
  }
  if (!condition.waiting.empty() && condition.mutex != &mutex) {
    end_execution(Finding::kMisuse, "a condition is waited on with two different mutexes");
  }
  condition.mutex = &mutex;
  const uint32_t depth = give_up_mutex(mutex);
  note(wait, 0, true);
  me.notified = false;
  bool timed_out = false;
  if (!choose_spurious(Question::kSpurious)) {
    // A notifier moves the waiter on to the mutex, see notify(); time leaves that to itself.
    wait.timed = deadline != kNever;
    block(condition.waiting, wait, false, deadline);
    timed_out = me.timed_out;
    if (timed_out) note(operation(Op::kTimeout, address, pc), 0, true);
  } else {
    show(operation(Op::kSpurious, address, pc));
  }
  if (me.notified) {
    // Enabled only while the mutex is free.
    acquire(mutex.address);
    mutex.owner = &me;
    mutex.depth = 1;
    lock_taken(mutex, LockOrder::kWaits);
    for (Thread* t = mutex.waiting.first; t != nullptr; t = t->next) disable(*t);
    note(me.pending, 0, true);
  } else {
    lock_mutex(mutex, Op::kRelock, pc);
  }
  mutex.depth = depth;
  return timed_out ? ETIMEDOUT : 0;
}

void wake(Thread& waiter, Object& condition) {
  end_wait(waiter);
  waiter.notified = true;
  auto& mutex = const_cast<Object&>(*condition.mutex);
  Operation relock =
      operation(Op::kRelock, reinterpret_cast<void*>(mutex.address), waiter.pending.pc);
  waiter.pending = relock;
  mutex.waiting.push(waiter);
  mutex.owner == nullptr ? enable(waiter) : disable(waiter);
}

void notify(pthread_cond_t* address, Op op, uintptr_t pc) {
  Object& condition = condition_object(address, op, pc);
  const Operation notify = operation(op, address, pc);
  point(notify);
  check_use(notify.object, pc);
  unsigned waiters = 0;
  for (Thread* t = condition.waiting.first; t != nullptr; t = t->next) ++waiters;
  was_notified(condition, op == Op::kNotifyAll || waiters == 0 ? waiters : 1);
  note(notify, waiters, waiters > 0);
  if (op == Op::kNotifyAll) {
    while (!condition.waiting.empty()) wake(*condition.waiting.first, condition);
  } else if (waiters > 0) {
    Thread* chosen = condition.waiting.first;
    for (unsigned n = choose_value(Question::kWaiter, waiters); n > 0; --n) chosen = chosen->next;
    wake(*chosen, condition);
  }
}

constexpr int64_t kMostPermits = INT32_MAX;  // SEM_VALUE_MAX

Object& semaphore_object(const sem_t* address, Op op, uintptr_t pc) {
  Object& semaphore = object(address_of(address), Kind::kSemaphore);
  if (semaphore.fresh) refuse_destroyed(semaphore, op, pc);
  // glibc keeps the value in the low half of the first word.
  if (semaphore.fresh) semaphore.value = *reinterpret_cast<const uint32_t*>(address);
  return semaphore;
}

int wait_for_permit(sem_t* address, uintptr_t pc, int64_t deadline) {
  Object& semaphore = semaphore_object(address, Op::kSemWait, pc);
  const Operation wait = operation(Op::kSemWait, address, pc);
  block(semaphore.waiting, wait, semaphore.value > 0, deadline);
  if (rt.current->timed_out) {
    note(operation(Op::kTimeout, address, pc), 0, true);
    errno = ETIMEDOUT;
    return -1;
  }
  check_use(wait.object, pc);
  acquire(wait.object);
  if (--semaphore.value == 0) {
    for (Thread* t = semaphore.waiting.first; t != nullptr; t = t->next) disable(*t);
  }
  lock_taken(semaphore, LockOrder::kPermit);
  note(wait, static_cast<uint64_t>(semaphore.value), true);
  return 0;
}

}  // namespace
}  // namespace weft::explore

using namespace weft::explore;

extern "C" {

int pthread_cond_init(pthread_cond_t* condition, const pthread_condattr_t* attributes) {
  static Real<int(pthread_cond_t*, const pthread_condattr_t*)> real{"pthread_cond_init"};
  if (controlled()) forget_object(address_of(condition), Kind::kCondition);
  return real(condition, attributes);
}

int pthread_cond_destroy(pthread_cond_t* condition) {
  static Real<int(pthread_cond_t*)> real{"pthread_cond_destroy"};
  if (!controlled()) return real(condition);
  end_object(condition, Kind::kCondition, WEFT_EXPLORE_PC());
  return 0;
}

int pthread_cond_wait(pthread_cond_t* condition, pthread_mutex_t* mutex) {
  static Real<int(pthread_cond_t*, pthread_mutex_t*)> real{"pthread_cond_wait"};
  if (!controlled()) return real(condition, mutex);
  return wait_on(condition, mutex, WEFT_EXPLORE_PC(), kNever);
}

int pthread_cond_timedwait(pthread_cond_t* condition, pthread_mutex_t* mutex,
                           const timespec* time) {
  static Real<int(pthread_cond_t*, pthread_mutex_t*, const timespec*)> real{
      "pthread_cond_timedwait"};
  if (!controlled()) return real(condition, mutex, time);
  if (!is_valid(time)) return EINVAL;
  return wait_on(condition, mutex, WEFT_EXPLORE_PC(), deadline_at(clock_of(condition), time));
}

int pthread_cond_clockwait(pthread_cond_t* condition, pthread_mutex_t* mutex, clockid_t clock,
                           const timespec* time) {
  static Real<int(pthread_cond_t*, pthread_mutex_t*, clockid_t, const timespec*)> real{
      "pthread_cond_clockwait"};
  if (!controlled()) return real(condition, mutex, clock, time);
  if (!is_valid(time)) return EINVAL;
  return wait_on(condition, mutex, WEFT_EXPLORE_PC(), deadline_at(clock, time));
}

int pthread_cond_signal(pthread_cond_t* condition) {
  static Real<int(pthread_cond_t*)> real{"pthread_cond_signal"};
  if (!controlled()) return real(condition);
  notify(condition, Op::kNotifyOne, WEFT_EXPLORE_PC());
  return 0;
}

int pthread_cond_broadcast(pthread_cond_t* condition) {
  static Real<int(pthread_cond_t*)> real{"pthread_cond_broadcast"};
  if (!controlled()) return real(condition);
  notify(condition, Op::kNotifyAll, WEFT_EXPLORE_PC());
  return 0;
}

int sem_init(sem_t* semaphore, int shared, unsigned value) {
  static Real<int(sem_t*, int, unsigned)> real{"sem_init"};
  if (controlled()) forget_object(address_of(semaphore), Kind::kSemaphore);
  return real(semaphore, shared, value);
}

int sem_destroy(sem_t* semaphore) {
  static Real<int(sem_t*)> real{"sem_destroy"};
  if (!controlled()) return real(semaphore);
  end_object(semaphore, Kind::kSemaphore, WEFT_EXPLORE_PC());
  return 0;
}

int sem_wait(sem_t* semaphore) {
  static Real<int(sem_t*)> real{"sem_wait"};
  if (!controlled()) return real(semaphore);
  return wait_for_permit(semaphore, WEFT_EXPLORE_PC(), kNever);
}

int sem_clockwait(sem_t* semaphore, clockid_t clock, const timespec* time) {
  static Real<int(sem_t*, clockid_t, const timespec*)> real{"sem_clockwait"};
  if (!controlled()) return real(semaphore, clock, time);
  if (!is_valid(time)) return errno = EINVAL, -1;
  return wait_for_permit(semaphore, WEFT_EXPLORE_PC(), deadline_at(clock, time));
}

int sem_timedwait(sem_t* semaphore, const timespec* time) {
  static Real<int(sem_t*, const timespec*)> real{"sem_timedwait"};
  if (!controlled()) return real(semaphore, time);
  if (!is_valid(time)) return errno = EINVAL, -1;
  return wait_for_permit(semaphore, WEFT_EXPLORE_PC(), deadline_at(CLOCK_REALTIME, time));
}

int sem_trywait(sem_t* address) {
  static Real<int(sem_t*)> real{"sem_trywait"};
  if (!controlled()) return real(address);
  const Operation attempt = operation(Op::kSemTryWait, address, WEFT_EXPLORE_PC());
  Object& semaphore = semaphore_object(address, Op::kSemTryWait, attempt.pc);
  point(attempt);
  check_use(attempt.object, attempt.pc);
  if (semaphore.value == 0) {
    note(attempt, 0, false);
    errno = EAGAIN;
    return -1;
  }
  acquire(attempt.object);
  if (--semaphore.value == 0) {
    for (Thread* t = semaphore.waiting.first; t != nullptr; t = t->next) disable(*t);
  }
  lock_taken(semaphore, LockOrder::kPermit);
  note(attempt, 1, true);
  return 0;
}

int sem_post(sem_t* address) {
  static Real<int(sem_t*)> real{"sem_post"};
  if (!controlled()) return real(address);
  const Operation post = operation(Op::kSemPost, address, WEFT_EXPLORE_PC());
  Object& semaphore = semaphore_object(address, Op::kSemPost, post.pc);
  point(post);
  check_use(post.object, post.pc);
  if (semaphore.value == kMostPermits) {
    note(post, 0, false);
    errno = EOVERFLOW;
    return -1;
  }
  release(post.object);
  ++semaphore.value;
  permit_given(semaphore);
  for (Thread* t = semaphore.waiting.first; t != nullptr; t = t->next) enable(*t);
  note(post, static_cast<uint64_t>(semaphore.value), true);
  return 0;
}

int sem_getvalue(sem_t* address, int* value) {
  static Real<int(sem_t*, int*)> real{"sem_getvalue"};
  if (!controlled()) return real(address, value);
  const Operation load = operation(Op::kLoad, address, WEFT_EXPLORE_PC());
  Object& semaphore = semaphore_object(address, Op::kLoad, load.pc);
  point(load);
  *value = static_cast<int>(semaphore.value);
  note(load, static_cast<uint64_t>(semaphore.value), false);
  return 0;
}

int pthread_barrier_init(pthread_barrier_t* barrier, const pthread_barrierattr_t* attributes,
                         unsigned count) {
  static Real<int(pthread_barrier_t*, const pthread_barrierattr_t*, unsigned)> real{
      "pthread_barrier_init"};
  if (!controlled()) return real(barrier, attributes, count);
  if (count == 0) return EINVAL;
  forget_object(address_of(barrier), Kind::kBarrier);
  object(address_of(barrier), Kind::kBarrier).value = count;
  *reinterpret_cast<uint32_t*>(barrier) = 0;  // it may have been destroyed before
  return 0;
}

int pthread_barrier_destroy(pthread_barrier_t* barrier) {
  static Real<int(pthread_barrier_t*)> real{"pthread_barrier_destroy"};
  if (!controlled()) return real(barrier);
  end_object(barrier, Kind::kBarrier, WEFT_EXPLORE_PC());
  return 0;
}

int pthread_barrier_wait(pthread_barrier_t* address) {
  static Real<int(pthread_barrier_t*)> real{"pthread_barrier_wait"};
  if (!controlled()) return real(address);
  const Operation wait = operation(Op::kBarrierWait, address, WEFT_EXPLORE_PC());
  Object* barrier = known_object(address_of(address), Kind::kBarrier);
  if (barrier == nullptr) {
    refuse_destroyed(object(address_of(address), Kind::kBarrier), wait.op, wait.pc);
    refuse("pthread_barrier_wait", wait.pc, "call pthread_barrier_init in the body");
  }
  point(wait);
  check_use(wait.object, wait.pc);
  note(wait, barrier->depth + 1, true);
  release(wait.object);
  if (static_cast<int64_t>(barrier->depth) + 1 == barrier->value) {
    barrier->depth = 0;
    acquire(wait.object);
    while (!barrier->waiting.empty()) {
      Thread& waiter = *barrier->waiting.first;
      // Not when it goes on: others may have come for the next round by then.
      if (rt.races) acquire_from(thread_clocks[waiter.id], wait.object);
      end_wait(waiter);
      enable(waiter);
    }
    if (rt.races) forget_releases(wait.object);
    return PTHREAD_BARRIER_SERIAL_THREAD;
  }
  ++barrier->depth;
  block(barrier->waiting, wait, false);
  return 0;
}
}
