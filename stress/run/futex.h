// Waiting for a word to change, spinning or asleep, without the primitives that are under test.
//
// Memory ordering: none of its own, so that a wait of the harness orders no tested threads.
#pragma once

#include <linux/futex.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <atomic>
#include <climits>

#include "stress/run/options.h"

namespace weft::internal {

// Returns when woken, when `word` is not `seen`, after `timeout`, or for no reason.
inline void futex_wait(std::atomic<unsigned>& word, unsigned seen, Seconds timeout) {
  const auto whole = static_cast<time_t>(timeout.count());
  const timespec length{whole,
                        static_cast<long>((timeout.count() - static_cast<double>(whole)) * 1e9)};
  syscall(SYS_futex, &word, FUTEX_WAIT_PRIVATE, seen, &length, nullptr, 0);
}

// Tells the core that this is a spinning loop; no system call and no fence.
inline void relax_core() {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

inline void futex_wake_all(std::atomic<unsigned>& word) {
  syscall(SYS_futex, &word, FUTEX_WAKE_PRIVATE, INT_MAX, nullptr, nullptr, 0);
}

}  // namespace weft::internal
