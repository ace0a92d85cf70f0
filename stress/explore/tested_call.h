// A system call that the tested code makes through the runtime.
//
// raw_syscall() is the runtime's own, which nobody need look at. This one is the tested code's:
// where the kernel hands over what that asks of it (stress/program/kernel_calls.h), it hands over
// this, too.
//
// Thread safety: any thread. Returns what the kernel did: a result, or -errno.
#pragma once

namespace weft::explore {

static inline long tested_syscall(long number, long a, long b, long c, long d, long e, long f) {
  long result;
  register long r10 asm("r10") = d;
  register long r8 asm("r8") = e;
  register long r9 asm("r9") = f;
  asm volatile("syscall"
               : "=a"(result)
               : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
               : "rcx", "r11", "memory");
  return result;
}

}  // namespace weft::explore
