// C11's threads, on the pthread functions of this folder: glibc has them inside, where nobody could
// replace them. mtx_t, cnd_t, tss_t, thrd_t and once_flag are the pthread types under other names.
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <threads.h>

#include "stress/explore/interpose.h"

namespace weft::explore {
namespace {

int as_c11(int error) {
  switch (error) {
    case 0:
      return thrd_success;
    case EBUSY:
      return thrd_busy;
    case ETIMEDOUT:
      return thrd_timedout;
    case ENOMEM:
      return thrd_nomem;
    default:
      return thrd_error;
  }
}

struct Call {
  thrd_start_t function;
  void* argument;
};

// Of each thread, until it has begun: a thread under test is created by one that runs.
Array<Call> calls;

void* run_call(void* index) {
  const Call call = calls[static_cast<uint32_t>(reinterpret_cast<uintptr_t>(index))];
  return reinterpret_cast<void*>(static_cast<intptr_t>(call.function(call.argument)));
}

template <class T>
pthread_mutex_t* as_mutex(T* mutex) {
  return reinterpret_cast<pthread_mutex_t*>(mutex);
}
template <class T>
pthread_cond_t* as_condition(T* condition) {
  return reinterpret_cast<pthread_cond_t*>(condition);
}

}  // namespace
}  // namespace weft::explore

using namespace weft::explore;

extern "C" {

int thrd_create(thrd_t* handle, thrd_start_t function, void* argument) {
  static Real<int(thrd_t*, thrd_start_t, void*)> real{"thrd_create"};
  if (!controlled()) return real(handle, function, argument);
  const uintptr_t index = rt.thread_count;
  if (calls.size() <= index) calls.resize(static_cast<uint32_t>(index) + 1);
  calls[static_cast<uint32_t>(index)] = {function, argument};
  return as_c11(pthread_create(handle, nullptr, run_call, reinterpret_cast<void*>(index)));
}

int thrd_join(thrd_t handle, int* result) {
  static Real<int(thrd_t, int*)> real{"thrd_join"};
  if (!controlled()) return real(handle, result);
  void* value = nullptr;
  const int error = pthread_join(handle, &value);
  if (error == 0 && result != nullptr) {
    *result = static_cast<int>(reinterpret_cast<intptr_t>(value));
  }
  return as_c11(error);
}

int thrd_detach(thrd_t handle) {
  static Real<int(thrd_t)> real{"thrd_detach"};
  return controlled() ? as_c11(pthread_detach(handle)) : real(handle);
}

void thrd_exit(int result) {
  static Real<void(int)> real{"thrd_exit"};
  if (controlled()) pthread_exit(reinterpret_cast<void*>(static_cast<intptr_t>(result)));
  real(result);
  __builtin_unreachable();
}

int thrd_sleep(const timespec* time, timespec* left) {
  static Real<int(const timespec*, timespec*)> real{"thrd_sleep"};
  // tidy-allow(sleep): this is what the tested code asks for
  return controlled() ? nanosleep(time, left) : real(time, left);
}

thrd_t thrd_current() { return pthread_self(); }

void thrd_yield() {
  static Real<void()> real{"thrd_yield"};
  if (!controlled()) return real();
  sched_yield();
}

int mtx_init(mtx_t* mutex, int type) {
  static Real<int(mtx_t*, int)> real{"mtx_init"};
  if (controlled()) forget_object(address_of(mutex), Kind::kMutex);
  return real(mutex, type);
}

void mtx_destroy(mtx_t* mutex) {
  static Real<void(mtx_t*)> real{"mtx_destroy"};
  if (!controlled()) return real(mutex);
  pthread_mutex_destroy(as_mutex(mutex));
}

int mtx_lock(mtx_t* mutex) {
  static Real<int(mtx_t*)> real{"mtx_lock"};
  if (!controlled()) return real(mutex);
  return as_c11(lock_mutex(mutex_object(mutex), Op::kLock, WEFT_EXPLORE_PC()));
}

int mtx_timedlock(mtx_t* __restrict mutex, const timespec* __restrict time) {
  static Real<int(mtx_t*, const timespec*)> real{"mtx_timedlock"};
  return controlled() ? as_c11(pthread_mutex_timedlock(as_mutex(mutex), time)) : real(mutex, time);
}

int mtx_trylock(mtx_t* mutex) {
  static Real<int(mtx_t*)> real{"mtx_trylock"};
  return controlled() ? as_c11(pthread_mutex_trylock(as_mutex(mutex))) : real(mutex);
}

int mtx_unlock(mtx_t* mutex) {
  static Real<int(mtx_t*)> real{"mtx_unlock"};
  return controlled() ? as_c11(pthread_mutex_unlock(as_mutex(mutex))) : real(mutex);
}

int cnd_init(cnd_t* condition) {
  static Real<int(cnd_t*)> real{"cnd_init"};
  if (controlled()) forget_object(address_of(condition), Kind::kCondition);
  return real(condition);
}

void cnd_destroy(cnd_t* condition) {
  static Real<void(cnd_t*)> real{"cnd_destroy"};
  if (!controlled()) return real(condition);
  pthread_cond_destroy(as_condition(condition));
}

int cnd_wait(cnd_t* condition, mtx_t* mutex) {
  static Real<int(cnd_t*, mtx_t*)> real{"cnd_wait"};
  if (!controlled()) return real(condition, mutex);
  return as_c11(pthread_cond_wait(as_condition(condition), as_mutex(mutex)));
}

int cnd_timedwait(cnd_t* __restrict condition, mtx_t* __restrict mutex,
                  const timespec* __restrict time) {
  static Real<int(cnd_t*, mtx_t*, const timespec*)> real{"cnd_timedwait"};
  if (!controlled()) return real(condition, mutex, time);
  return as_c11(pthread_cond_timedwait(as_condition(condition), as_mutex(mutex), time));
}

int cnd_signal(cnd_t* condition) {
  static Real<int(cnd_t*)> real{"cnd_signal"};
  return controlled() ? as_c11(pthread_cond_signal(as_condition(condition))) : real(condition);
}

int cnd_broadcast(cnd_t* condition) {
  static Real<int(cnd_t*)> real{"cnd_broadcast"};
  return controlled() ? as_c11(pthread_cond_broadcast(as_condition(condition))) : real(condition);
}

int tss_create(tss_t* key, tss_dtor_t destructor) {
  static Real<int(tss_t*, tss_dtor_t)> real{"tss_create"};
  return controlled() ? as_c11(pthread_key_create(key, destructor)) : real(key, destructor);
}

void tss_delete(tss_t key) {
  static Real<void(tss_t)> real{"tss_delete"};
  if (!controlled()) return real(key);
  pthread_key_delete(key);
}

void* tss_get(tss_t key) {
  static Real<void*(tss_t)> real{"tss_get"};
  return controlled() ? pthread_getspecific(key) : real(key);
}

int tss_set(tss_t key, void* value) {
  static Real<int(tss_t, void*)> real{"tss_set"};
  return controlled() ? as_c11(pthread_setspecific(key, value)) : real(key, value);
}

void call_once(once_flag* flag, void (*function)()) {
  static Real<void(once_flag*, void (*)())> real{"call_once"};
  if (!controlled()) return real(flag, function);
  pthread_once(reinterpret_cast<pthread_once_t*>(flag), function);
}
}
