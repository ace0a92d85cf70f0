// A system call that the tested code makes through the runtime.
//
// raw_syscall() is the runtime's own, which nobody need look at. This one is the tested code's:
// where the kernel hands over what that asks of it (stress/program/kernel_calls.h), it hands over
// this, too.
//
// Thread safety: any thread. Returns what the kernel did: a result, or -errno.
#pragma once

#include "stress/explore/raw.h"

namespace weft::explore {

static inline long tested_syscall(long number, long a, long b, long c, long d, long e, long f) {
  return inlined_syscall(number, a, b, c, d, e, f);
}

}  // namespace weft::explore
