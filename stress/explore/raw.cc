#include "stress/explore/raw.h"

#include <linux/futex.h>
#include <signal.h>
#include <sys/mman.h>
#include <time.h>

namespace weft::explore {
namespace {

uintptr_t window = 0;  // 0: there is none
uintptr_t window_end = 0;

}  // namespace

void map_memory_in(uintptr_t begin) {
  window = begin;
  window_end = begin + kWindowBytes;
}

uintptr_t map_memory(uintptr_t at, uintptr_t bytes) {
  constexpr int kFixedNoReplace = 0x100000;  // MAP_FIXED_NOREPLACE
  if (at == 0 && window != 0) {
    at = window;
    window += (bytes + 4095) & ~uintptr_t{4095};
    if (window > window_end) return 0;
  }
  const long flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | (at == 0 ? 0 : kFixedNoReplace);
  const long got = raw_syscall(SYS_mmap, long(at), long(bytes), PROT_READ | PROT_WRITE, flags, -1);
  return raw_failed(got) ? 0 : uintptr_t(got);
}

void forbid_memory(uintptr_t at, uintptr_t bytes) {
  raw_syscall(SYS_mprotect, long(at), long(bytes), PROT_NONE);
}

void clear_memory(uintptr_t at, uintptr_t bytes) {
  raw_syscall(SYS_madvise, long(at), long(bytes), MADV_DONTNEED);
}

void raw_futex_wait(const uint32_t* word, uint32_t value, long nanoseconds) {
  const timespec timeout = {nanoseconds / 1'000'000'000, nanoseconds % 1'000'000'000};
  raw_syscall(SYS_futex, long(word), FUTEX_WAIT_PRIVATE, value,
              nanoseconds < 0 ? 0 : long(&timeout));
}

void raw_futex_wake(const uint32_t* word, int count) {
  raw_syscall(SYS_futex, long(word), FUTEX_WAKE_PRIVATE, count);
}

void raw_print(const char* text) {
  long size = 0;
  while (text[size] != '\0') ++size;
  while (size > 0) {
    const long written = raw_syscall(SYS_write, 2, long(text), size);
    if (written <= 0) return;
    text += written;
    size -= written;
  }
}

void raw_die(const char* sentence, const char* detail) {
  raw_print("weft: ");
  raw_print(sentence);
  raw_print(detail);
  raw_print("\n");
  // The default action, whatever handler there is.
  struct {
    void* handler = nullptr;
    unsigned long flags = 0;
    void* restorer = nullptr;
    unsigned long mask = 0;
  } standard;
  raw_syscall(SYS_rt_sigaction, SIGABRT, long(&standard), 0, 8);
  const long pid = raw_syscall(SYS_getpid);
  raw_syscall(SYS_tgkill, pid, raw_syscall(SYS_gettid), SIGABRT);
  while (true) raw_syscall(SYS_exit_group, 134);
}

}  // namespace weft::explore
