// The ends of a process, which under exploration are the end of one execution, and calls that leave
// the scheduler's control.
#include <stdlib.h>
#include <unistd.h>

#include "stress/explore/interpose.h"
#include "stress/explore/process_end.h"
#include "stress/explore/sentence.h"

namespace weft::explore {

const ProcessEnd* process_end = nullptr;

namespace {

[[noreturn]] void end_of_process(const char* function, uintptr_t pc) {
  rt.current->pending = operation(Op::kNone, nullptr, pc);
  end_execution(Finding::kExit, function, " was called");
}

}  // namespace
}  // namespace weft::explore

using namespace weft::explore;

extern "C" {

void abort() noexcept {
  if (controlled()) {
    rt.current->pending = operation(Op::kNone, nullptr, WEFT_EXPLORE_PC());
    end_execution(Finding::kAbort, "abort() was called");
  }
  static Real<void()> real{"abort"};
  real();
  __builtin_unreachable();
}

void __assert_fail(const char* condition, const char* file, unsigned line,
                   const char* function) noexcept {
  static Real<void(const char*, const char*, unsigned, const char*)> real{"__assert_fail"};
  if (!controlled()) {
    real(condition, file, line, function);
    __builtin_unreachable();
  }
  Sentence text;
  const char* const parts[] = {"assert(", condition, ") failed at ", file, ":"};
  for (const char* part : parts) text.put(part);
  text.put_number(line);
  rt.current->pending = operation(Op::kNone, nullptr, WEFT_EXPLORE_PC());
  end_execution(Finding::kAbort, text.text);
}

void exit(int code) noexcept {
  if (controlled()) {
    if (process_end != nullptr) process_end->exit(code);
    end_of_process("exit()", WEFT_EXPLORE_PC());
  }
  static Real<void(int)> real{"exit"};
  real(code);
  __builtin_unreachable();
}

void quick_exit(int code) noexcept {
  if (controlled()) {
    if (process_end != nullptr) process_end->quick_exit(code);
    end_of_process("quick_exit()", WEFT_EXPLORE_PC());
  }
  static Real<void(int)> real{"quick_exit"};
  real(code);
  __builtin_unreachable();
}

void _exit(int code) {
  if (controlled()) {
    if (process_end != nullptr) process_end->exit_at_once(code);
    end_of_process("_exit()", WEFT_EXPLORE_PC());
  }
  while (true) raw_syscall(SYS_exit_group, code);
}

void _Exit(int code) noexcept {
  if (controlled()) {
    if (process_end != nullptr) process_end->exit_at_once(code);
    end_of_process("_Exit()", WEFT_EXPLORE_PC());
  }
  while (true) raw_syscall(SYS_exit_group, code);
}
}

// Of these the runtime knows the name and no more: a thread under test may not call them.
#define WEFT_REFUSE(name, what)                                                          \
  extern "C" long weft_refusing_##name(long a, long b, long c, long d, long e,           \
                                       long f) __asm__(#name);                           \
  extern "C" long weft_refusing_##name(long a, long b, long c, long d, long e, long f) { \
    static Real<long(long, long, long, long, long, long)> real{#name};                   \
    if (controlled()) refuse(#name "()", WEFT_EXPLORE_PC(), what);                       \
    return real(a, b, c, d, e, f);                                                       \
  }

#define WEFT_NO_PROCESS "make processes outside the body"
WEFT_REFUSE(fork, WEFT_NO_PROCESS)
WEFT_REFUSE(vfork, WEFT_NO_PROCESS)
WEFT_REFUSE(execve, WEFT_NO_PROCESS)
WEFT_REFUSE(execv, WEFT_NO_PROCESS)
WEFT_REFUSE(execvp, WEFT_NO_PROCESS)
WEFT_REFUSE(posix_spawn, WEFT_NO_PROCESS)
WEFT_REFUSE(posix_spawnp, WEFT_NO_PROCESS)
WEFT_REFUSE(system, WEFT_NO_PROCESS)
WEFT_REFUSE(popen, WEFT_NO_PROCESS)
WEFT_REFUSE(wait, WEFT_NO_PROCESS)
WEFT_REFUSE(waitpid, WEFT_NO_PROCESS)
WEFT_REFUSE(waitid, WEFT_NO_PROCESS)
#define WEFT_NO_CANCEL "ask the thread to end by a flag or a std::stop_token"
WEFT_REFUSE(pthread_cancel, WEFT_NO_CANCEL)
#define WEFT_NO_SIGNAL "signals do not arrive in an execution"
WEFT_REFUSE(pause, WEFT_NO_SIGNAL)
WEFT_REFUSE(sigsuspend, WEFT_NO_SIGNAL)
WEFT_REFUSE(sigwait, WEFT_NO_SIGNAL)
WEFT_REFUSE(sigwaitinfo, WEFT_NO_SIGNAL)
WEFT_REFUSE(sigtimedwait, WEFT_NO_SIGNAL)
#define WEFT_NO_WAITING "it would block the whole exploration; wait in a primitive instead"
WEFT_REFUSE(select, WEFT_NO_WAITING)
WEFT_REFUSE(pselect, WEFT_NO_WAITING)
WEFT_REFUSE(ppoll, WEFT_NO_WAITING)
WEFT_REFUSE(epoll_wait, WEFT_NO_WAITING)
WEFT_REFUSE(epoll_pwait, WEFT_NO_WAITING)
WEFT_REFUSE(msgrcv, WEFT_NO_WAITING)
WEFT_REFUSE(semop, WEFT_NO_WAITING)
WEFT_REFUSE(mq_receive, WEFT_NO_WAITING)
WEFT_REFUSE(mq_timedreceive, WEFT_NO_WAITING)
WEFT_REFUSE(pthread_mutex_consistent, "robust mutexes are not modelled yet")
