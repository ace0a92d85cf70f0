// The function syscall(), and behind it the futex: atomic waits, latches, barriers and semaphores
// of libstdc++ come through it, and Weft's own primitives.
#include <linux/futex.h>
#include <sched.h>
#include <stdarg.h>
#include <unistd.h>

#include "stress/explore/interpose.h"
#include "stress/explore/tested_call.h"

namespace weft::explore {
namespace {

Object& futex_object(uintptr_t address) { return object(address, Kind::kFutex); }

long wait_for_wake(uint32_t* word, uint32_t expected, uint32_t mask, int64_t deadline,
                   uintptr_t pc) {
  if (mask == 0) return -EINVAL;
  const Operation wait = operation(Op::kFutexWait, word, pc);
  point(wait);
  if (*static_cast<volatile uint32_t*>(word) != expected) {
    note(wait, 1, false);
    return -EAGAIN;
  }
  if (choose_spurious(Question::kSpurious)) {
    note(wait, 2, false);
    return 0;
  }
  note(wait, 0, true);
  Thread& me = *rt.current;
  me.wait_mask = mask;
  block(futex_object(address_of(word)).waiting, wait, false, deadline);
  if (!me.timed_out) return 0;
  note(operation(Op::kTimeout, word, pc), 0, true);
  return -ETIMEDOUT;
}

// Wakes those who wait longest, as the kernel does among equals.
long wake_some(uint32_t* word, long most, uint32_t mask, uintptr_t pc) {
  const Operation wake = operation(Op::kFutexWake, word, pc);
  point(wake);
  long woken = 0;
  Object& futex = futex_object(address_of(word));
  for (Thread* thread = futex.waiting.first; thread != nullptr && woken < most;) {
    Thread* next = thread->next;
    if ((thread->wait_mask & mask) != 0) {
      end_wait(*thread);
      enable(*thread);
      ++woken;
    }
    thread = next;
  }
  was_notified(futex, static_cast<unsigned>(woken));
  note(wake, static_cast<uint64_t>(woken), woken > 0);
  return woken;
}

long requeue(uint32_t* word, long most, long most_moved, uint32_t* to, const uint32_t* expected,
             uintptr_t pc) {
  Operation wake = operation(Op::kFutexWake, word, pc);
  wake.second = address_of(to);
  point(wake);
  if (expected != nullptr && *static_cast<volatile uint32_t*>(word) != *expected) {
    note(wake, 0, false);
    return -EAGAIN;
  }
  Object& from = futex_object(address_of(word));
  Object& target = futex_object(address_of(to));
  long woken = 0;
  long moved = 0;
  while (!from.waiting.empty() && woken < most) {
    Thread& thread = *from.waiting.first;
    end_wait(thread);
    enable(thread);
    ++woken;
  }
  while (!from.waiting.empty() && moved < most_moved) {
    Thread& thread = *from.waiting.first;
    from.waiting.remove(thread);
    thread.pending.object = address_of(to);
    target.waiting.push(thread);
    ++moved;
  }
  note(wake, static_cast<uint64_t>(woken), woken + moved > 0);
  return woken + moved;
}

long futex(long a, long b, long c, long d, long e, long f, uintptr_t pc) {
  auto* word = reinterpret_cast<uint32_t*>(a);
  const auto* time = reinterpret_cast<const timespec*>(d);
  const clockid_t clock = (b & FUTEX_CLOCK_REALTIME) != 0 ? CLOCK_REALTIME : CLOCK_MONOTONIC;
  const auto value = static_cast<uint32_t>(c);
  switch (b & FUTEX_CMD_MASK) {
    case FUTEX_WAIT:
      if (time != nullptr && !is_valid(time)) return -EINVAL;
      return wait_for_wake(word, value, FUTEX_BITSET_MATCH_ANY, deadline_after(time), pc);
    case FUTEX_WAIT_BITSET:
      if (time != nullptr && !is_valid(time)) return -EINVAL;
      return wait_for_wake(word, value, static_cast<uint32_t>(f), deadline_at(clock, time), pc);
    case FUTEX_WAKE:
      return wake_some(word, c, FUTEX_BITSET_MATCH_ANY, pc);
    case FUTEX_WAKE_BITSET:
      return wake_some(word, c, static_cast<uint32_t>(f), pc);
    case FUTEX_REQUEUE:
      return requeue(word, c, d, reinterpret_cast<uint32_t*>(e), nullptr, pc);
    case FUTEX_CMP_REQUEUE: {
      const auto expected = static_cast<uint32_t>(f);
      return requeue(word, c, d, reinterpret_cast<uint32_t*>(e), &expected, pc);
    }
    default:
      refuse("this operation of futex", pc, "WAIT, WAKE, their BITSET forms and REQUEUE are");
  }
}

bool would_leave_control(long number) {
  switch (number) {
    case SYS_clone:
    case SYS_clone3:
    case SYS_fork:
    case SYS_vfork:
    case SYS_execve:
    case SYS_execveat:
    case SYS_wait4:
    case SYS_waitid:
    case SYS_pause:
    case SYS_rt_sigsuspend:
    case SYS_rt_sigtimedwait:
    case SYS_poll:
    case SYS_ppoll:
    case SYS_select:
    case SYS_pselect6:
    case SYS_epoll_wait:
    case SYS_epoll_pwait:
    case 449:  // futex_waitv
      return true;
    default:
      return false;
  }
}

}  // namespace
}  // namespace weft::explore

using namespace weft::explore;

extern "C" long syscall(long number, ...) noexcept {
  va_list arguments;
  va_start(arguments, number);
  const long a = va_arg(arguments, long);
  const long b = va_arg(arguments, long);
  const long c = va_arg(arguments, long);
  const long d = va_arg(arguments, long);
  const long e = va_arg(arguments, long);
  const long f = va_arg(arguments, long);
  va_end(arguments);
  long result;
  if (!controlled()) {
    result = tested_syscall(number, a, b, c, d, e, f);
  } else if (number == SYS_futex) {
    result = futex(a, b, c, d, e, f, WEFT_EXPLORE_PC());
  } else if (number == SYS_gettid) {
    result = gettid();
  } else if (number == SYS_sched_yield) {
    result = sched_yield();
  } else if (would_leave_control(number)) {
    refuse("this number of syscall()", WEFT_EXPLORE_PC(), "it blocks or leaves the scheduler");
  } else {
    result = tested_syscall(number, a, b, c, d, e, f);
  }
  if (raw_failed(result)) {
    errno = static_cast<int>(-result);
    return -1;
  }
  return result;
}
