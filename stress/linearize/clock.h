// The clock of the recorders of real threads and of processes, and the fence at its readings.
//
// Thread safety: any thread of any process.
// Memory ordering: whoever records reads the clock, has fence(), calls; and after the call has
//                  fence(), and reads the clock. Then times claim no order that there was not.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

namespace weft::linearize {

// The same for all processes (CLOCK_MONOTONIC).
inline std::uint64_t now_ns() {
  return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::nanoseconds>(
                                        std::chrono::steady_clock::now().time_since_epoch())
                                        .count());
}

// A store of the call may still lie in this core's buffer, and a load of the call may be done
// before the clock is read: without the fences the times would claim an order that there was not.
// Fences alone order no other thread, and none for ThreadSanitizer.
inline void fence() { std::atomic_thread_fence(std::memory_order_seq_cst); }

}  // namespace weft::linearize
