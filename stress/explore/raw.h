// System calls without libc: the runtime defines libc's functions itself, so it must not call them.
//
// Thread safety: any thread.
// Every function returns what the kernel did: a result, or -errno.
#pragma once

#include <stdint.h>
#include <sys/syscall.h>

namespace weft::explore {

#if !defined(__x86_64__)
#error "stress/explore has no system calls for this architecture yet: add them to raw.h"
#endif

// The call itself, in the midst of its caller's code.
[[gnu::always_inline]] static inline long inlined_syscall(long number, long a, long b, long c,
                                                          long d, long e, long f) {
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

// In a section of its own, so that the kernel can be told which calls are the runtime's
// (stress/program/kernel_calls.h).
[[gnu::noinline, gnu::section("weft_raw"), maybe_unused]] static long raw_syscall(
    long number, long a = 0, long b = 0, long c = 0, long d = 0, long e = 0, long f = 0) {
  return inlined_syscall(number, a, b, c, d, e, f);
}

static inline bool raw_failed(long result) { return result < 0 && result > -4096; }

// Anonymous memory that is zero; with `at` not 0 exactly there, else the call fails. Pages cost
// nothing until they are touched. 0 if there is none to be had.
uintptr_t map_memory(uintptr_t at, uintptr_t bytes);
// From now on what map_memory() puts anywhere lies in a window of kWindowBytes that begins here, so
// that an address tells what the memory is for.
void map_memory_in(uintptr_t window);
inline constexpr uintptr_t kWindowBytes = 0x100'0000'0000;
// [at, at + bytes) may no longer be touched.
void forbid_memory(uintptr_t at, uintptr_t bytes);
// The pages are zero again, and cost nothing.
void clear_memory(uintptr_t at, uintptr_t bytes);

// By an instruction: compilers make of a loop a call of memcpy(), which the runtime itself defines.
static inline void copy_bytes(void* to, const void* from, uintptr_t bytes) {
  asm volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(bytes) : : "memory");
}

static inline void zero_bytes(void* to, uintptr_t bytes) {
  asm volatile("rep stosb" : "+D"(to), "+c"(bytes) : "a"(0) : "memory");
}

// Sleeps while *word == value, at most `nanoseconds` (negative: for ever).
void raw_futex_wait(const uint32_t* word, uint32_t value, long nanoseconds = -1);
void raw_futex_wake(const uint32_t* word, int count);

// Prints to standard error, and nothing else.
void raw_print(const char* text);
// Prints a sentence that begins with "weft: ", then ends the process by SIGABRT: for what must not
// happen inside the runtime itself.
[[noreturn]] void raw_die(const char* sentence, const char* detail = "");

}  // namespace weft::explore
