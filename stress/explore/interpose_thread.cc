// Threads: pthread_create and what can be done with a thread. C11's threads are in
// interpose_c11.cc.
#include <pthread.h>
#include <unistd.h>
#include <unwind.h>

#include "stress/explore/held_locks.h"
#include "stress/explore/interpose.h"
#include "stress/explore/process_end.h"

namespace weft::explore {
namespace {

// The one that has this handle now: of several the youngest. Null if it is no thread of this
// execution.
Thread* thread_of(pthread_t handle) {
  for (unsigned id = rt.thread_count; id-- > 0;) {
    if (rt.threads[id]->handle == handle) return rt.threads[id];
  }
  return nullptr;
}

bool is_gone(const Thread& thread) {
  return thread.joined || (thread.detached && thread.state == Thread::State::kEnded);
}

// What is seen of another thread depends on how far it has come.
void ask_about(const Thread* thread, uintptr_t pc) {
  const Operation question = operation(Op::kAsk, thread, pc);
  point(question);
  note(question, 0, false);
}

bool joins_current(const Thread& thread) {
  for (const Thread* joiner = rt.current->joiners.first; joiner != nullptr; joiner = joiner->next) {
    if (joiner == &thread) return true;
  }
  return false;
}

int join_thread(pthread_t handle, void** result, uintptr_t pc, int64_t deadline) {
  Thread* thread = thread_of(handle);
  if (thread == nullptr || is_gone(*thread)) return ESRCH;
  if (thread == rt.current || joins_current(*thread)) return EDEADLK;
  if (thread->detached || !thread->joiners.empty()) return EINVAL;
  const Operation join = operation(Op::kJoin, thread, pc);
  block(thread->joiners, join, thread->state == Thread::State::kEnded, deadline);
  if (rt.current->timed_out) {
    note(operation(Op::kTimeout, thread, pc), 0, true);
    return ETIMEDOUT;
  }
  thread->joined = true;
  rt.free_handles.push(thread->handle);
  lock_order.joined(rt.current->locks, rt.current->id, thread->id);
  acquire_end(*thread);
  show(join, thread->id);
  if (result != nullptr) *result = thread->result;
  return 0;
}

// pthread_exit(): unwinds the stack, so that destructors run, and ends the thread at its bottom.
_Unwind_Reason_Code at_frame(int, _Unwind_Action actions, _Unwind_Exception_Class,
                             _Unwind_Exception*, _Unwind_Context*, void* result) {
  if ((actions & _UA_END_OF_STACK) != 0) end_thread(result);
  return _URC_NO_REASON;
}

// The same of a program's main thread, whose last frames are the runtime's.
_Unwind_Reason_Code at_main_frame(int, _Unwind_Action actions, _Unwind_Exception_Class,
                                  _Unwind_Exception*, _Unwind_Context* context, void* result) {
  const auto begin = reinterpret_cast<uintptr_t>(process_end->main_stack_begin());
  if ((actions & _UA_END_OF_STACK) != 0 || _Unwind_GetCFA(context) >= begin) {
    rt.current->result = result;
    process_end->main_thread_ended();
  }
  return _URC_NO_REASON;
}

// Of each thread. The unwinder writes into it until the thread has ended, and the stack below the
// frame that it has come to is no longer anybody's.
_Unwind_Exception exits[kMaxThreads];

Real<_Unwind_Reason_Code(_Unwind_Exception*, _Unwind_Stop_Fn, void*)> real_forced_unwind{
    "_Unwind_ForcedUnwind"};

}  // namespace
}  // namespace weft::explore

using namespace weft::explore;

extern "C" {

int pthread_create(pthread_t* handle, const pthread_attr_t* attributes, void* (*function)(void*),
                   void* argument) {
  static Real<int(pthread_t*, const pthread_attr_t*, void* (*)(void*), void*)> real{
      "pthread_create"};
  if (!controlled()) return real(handle, attributes, function, argument);
  Thread& thread = create_thread(function, argument);
  int state = PTHREAD_CREATE_JOINABLE;
  if (attributes != nullptr) pthread_attr_getdetachstate(attributes, &state);
  thread.detached = state == PTHREAD_CREATE_DETACHED;
  *handle = thread.handle;
  lock_order.created(rt.current->locks, rt.current->id, thread.id);
  thread.started_at = rt.events.size();
  show(operation(Op::kStart, nullptr, WEFT_EXPLORE_PC()), thread.id);
  return 0;
}

int pthread_join(pthread_t handle, void** result) {
  static Real<int(pthread_t, void**)> real{"pthread_join"};
  if (!controlled()) return real(handle, result);
  return join_thread(handle, result, WEFT_EXPLORE_PC(), kNever);
}

int pthread_timedjoin_np(pthread_t handle, void** result, const timespec* time) {
  static Real<int(pthread_t, void**, const timespec*)> real{"pthread_timedjoin_np"};
  if (!controlled()) return real(handle, result, time);
  return join_thread(handle, result, WEFT_EXPLORE_PC(), deadline_at(CLOCK_REALTIME, time));
}

int pthread_clockjoin_np(pthread_t handle, void** result, clockid_t clock, const timespec* time) {
  static Real<int(pthread_t, void**, clockid_t, const timespec*)> real{"pthread_clockjoin_np"};
  if (!controlled()) return real(handle, result, clock, time);
  return join_thread(handle, result, WEFT_EXPLORE_PC(), deadline_at(clock, time));
}

int pthread_tryjoin_np(pthread_t handle, void** result) {
  static Real<int(pthread_t, void**)> real{"pthread_tryjoin_np"};
  if (!controlled()) return real(handle, result);
  const Thread* thread = thread_of(handle);
  ask_about(thread, WEFT_EXPLORE_PC());
  if (thread != nullptr && thread->state != Thread::State::kEnded) return EBUSY;
  return join_thread(handle, result, WEFT_EXPLORE_PC(), kNever);
}

int pthread_detach(pthread_t handle) {
  static Real<int(pthread_t)> real{"pthread_detach"};
  if (!controlled()) return real(handle);
  Thread* thread = thread_of(handle);
  ask_about(thread, WEFT_EXPLORE_PC());
  if (thread == nullptr || is_gone(*thread)) return ESRCH;
  if (thread->detached) return EINVAL;
  thread->detached = true;
  if (thread->state == Thread::State::kEnded) rt.free_handles.push(thread->handle);
  return 0;
}

pthread_t pthread_self() {
  // As glibc has it: the thread pointer.
  return controlled() ? rt.current->handle : thread_pointer();
}

void pthread_exit(void* result) {
  static Real<void(void*)> real{"pthread_exit"};
  if (!controlled()) {
    real(result);
    __builtin_unreachable();
  }
  const bool is_root = rt.current->id == 0;
  if (is_root && !is_whole_program()) {
    refuse("pthread_exit", WEFT_EXPLORE_PC(), "let the body return; other threads may go on");
  }
  _Unwind_Exception& exception = exits[rt.current->id];
  __builtin_memset(&exception, 0, sizeof exception);
  real_forced_unwind(&exception, is_root ? at_main_frame : at_frame, result);
  raw_die("pthread_exit could not unwind the stack");
}

int pthread_kill(pthread_t handle, int signal) {
  static Real<int(pthread_t, int)> real{"pthread_kill"};
  if (!controlled()) return real(handle, signal);
  const Thread* thread = thread_of(handle);
  ask_about(thread, WEFT_EXPLORE_PC());
  if (thread == nullptr || is_gone(*thread)) return ESRCH;
  if (signal != 0) {
    refuse("pthread_kill", WEFT_EXPLORE_PC(), "signals between threads under test do not arrive");
  }
  return 0;
}

int pthread_setname_np(pthread_t handle, const char* name) {
  static Real<int(pthread_t, const char*)> real{"pthread_setname_np"};
  if (!controlled()) return real(handle, name);
  Thread* thread = thread_of(handle);
  if (thread == nullptr) return ESRCH;
  unsigned size = 0;
  while (name[size] != '\0') ++size;
  if (size > 15) return ERANGE;
  // A longer name that the harness gave stands.
  if (thread->name[0] == '\0') __builtin_memcpy(thread->name, name, size + 1);
  return 0;
}

int pthread_getname_np(pthread_t handle, char* name, size_t size) {
  static Real<int(pthread_t, char*, size_t)> real{"pthread_getname_np"};
  if (!controlled()) return real(handle, name, size);
  const Thread* thread = thread_of(handle);
  if (thread == nullptr) return ESRCH;
  if (size < 16) return ERANGE;
  unsigned at = 0;
  for (; at < 15 && thread->name[at] != '\0'; ++at) name[at] = thread->name[at];
  name[at] = '\0';
  return 0;
}

int pthread_setaffinity_np(pthread_t handle, size_t size, const cpu_set_t* cpus) {
  static Real<int(pthread_t, size_t, const cpu_set_t*)> real{"pthread_setaffinity_np"};
  // Where a thread under test runs is the scheduler's affair.
  return controlled() ? 0 : real(handle, size, cpus);
}

// The same in every execution, so that it may be part of what a thread computes; and no kernel
// thread's, as Linux numbers none beyond 2^22.
pid_t gettid() {
  if (!controlled()) return static_cast<pid_t>(raw_syscall(SYS_gettid));
  return static_cast<pid_t>(5'000'000 + rt.current->id);
}
}
