// Faults of the tested code, and code that reaches no scheduling point any more.
#include <signal.h>
#include <time.h>

#include "stress/explore/interpose.h"

namespace weft::explore {
namespace {

constexpr int kFaults[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
constexpr int kTick = SIGURG;  // whose default action is to be ignored

unsigned depth = 0;
uint64_t silence = 10;  // seconds
uint64_t seen_executions = 0;
uint64_t seen_steps = 0;
uint64_t silent_ticks = 0;
struct sigaction before_fault[NSIG];
struct sigaction before_tick;
stack_t before_stack;
int timer = -1;

Real<int(int, const struct sigaction*, struct sigaction*)> real_sigaction{"sigaction"};
Real<int(const stack_t*, stack_t*)> real_sigaltstack{"sigaltstack"};

const char* name_of_signal(int signal) {
  switch (signal) {
    case SIGSEGV:
      return "SIGSEGV: an invalid memory access";
    case SIGBUS:
      return "SIGBUS: an invalid memory access";
    case SIGFPE:
      return "SIGFPE: an arithmetic error, such as a division by zero";
    case SIGILL:
      return "SIGILL: an illegal instruction, such as that of __builtin_trap()";
    default:
      return "SIGABRT";
  }
}

bool is_stack_overflow(uintptr_t address) {
  const Context& context = rt.current->context;
  return context.stack != 0 && address - context.stack < 64 * 1024 &&
         address < context.stack + 8192;
}

void on_fault(int signal, siginfo_t* info, void*) {
  if (!controlled()) {
    // Not the tested code's: as if this handler had never been.
    real_sigaction(signal, &before_fault[signal], nullptr);
    return;
  }
  const auto address = reinterpret_cast<uintptr_t>(info->si_addr);
  if (signal == SIGSEGV && is_stack_overflow(address)) {
    end_execution(Finding::kSignal,
                  "the stack of a thread under test is full: it recurses without "
                  "end, or WEFT_STACK_BYTES is too small");
  }
  end_execution(Finding::kSignal, name_of_signal(signal));
}

// The timer's signals arrive at the thread that watches. Where another kernel thread has the turn
// they are passed on to it.
void on_tick(int, siginfo_t*, void*) {
  if (rt.active == 0 || rt.executions != seen_executions || rt.steps != seen_steps) {
    seen_executions = rt.executions;
    seen_steps = rt.steps;
    silent_ticks = 0;
    return;
  }
  if (!controlled()) {
    if (++silent_ticks >= silence) context_signal(rt.current->context, kTick);
    return;
  }
  if (silent_ticks < silence && ++silent_ticks < silence) return;
  silent_ticks = 0;
  end_execution(Finding::kLivelock,
                "no scheduling point was reached for long: the code runs in a "
                "loop without atomic or locking operations, or blocks");
}

void start_timer() {
  sigevent event{};
  event.sigev_notify = SIGEV_THREAD_ID;
  event.sigev_signo = kTick;
  event._sigev_un._tid = static_cast<int>(raw_syscall(SYS_gettid));
  if (raw_syscall(SYS_timer_create, CLOCK_MONOTONIC, long(&event), long(&timer)) != 0) return;
  const itimerspec each_second = {{1, 0}, {1, 0}};
  raw_syscall(SYS_timer_settime, timer, 0, long(&each_second), 0);
}

}  // namespace

void begin_watch(uint64_t silence_seconds) {
  if (depth++ > 0) return;
  silence = silence_seconds;
  silent_ticks = 0;
  // A thread whose stack is full cannot handle that on its stack.
  constexpr size_t kBytes = 64 << 10;
  static char stack[kBytes];
  const stack_t own = {stack, 0, kBytes};
  real_sigaltstack(&own, &before_stack);
  struct sigaction action = {};
  // No signal is blocked while the handler runs: it does not return, but abandons the execution.
  action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER;
  action.sa_sigaction = on_fault;
  for (int signal : kFaults) real_sigaction(signal, &action, &before_fault[signal]);
  action.sa_sigaction = on_tick;
  action.sa_flags |= SA_RESTART;
  real_sigaction(kTick, &action, &before_tick);
  start_timer();
}

void end_watch() {
  if (--depth > 0) return;
  if (timer >= 0) raw_syscall(SYS_timer_delete, timer);
  timer = -1;
  real_sigaction(kTick, &before_tick, nullptr);
  for (int signal : kFaults) real_sigaction(signal, &before_fault[signal], nullptr);
  real_sigaltstack(&before_stack, nullptr);
}

}  // namespace weft::explore
