// A number that names one thread for ever: unlike a std::thread::id or a kernel id, it is never
// given to another thread later. Thread safety: any thread.
//
// Under the explorer the threads of an execution have its own numbers, which the next execution's
// have again (explored_thread.h): executions that are alike see the same. The thread that runs
// executions has another number in them than outside, so what it owns outside is not its own there.
#pragma once

#include <cstdint>

namespace weft::internal {

inline constexpr std::uint64_t kNoThread = 0;

#if defined(WEFT_EXPLORE)
std::uint64_t this_thread_serial();
#else
// The calling thread's, kNoThread until it first asks. Initialised at compile time, so that reading
// it costs no more than any thread_local's address.
extern constinit thread_local std::uint64_t thread_serial;
std::uint64_t draw_thread_serial();

// From 1, in the order in which threads first ask.
inline std::uint64_t this_thread_serial() {
  const std::uint64_t serial = thread_serial;
  return serial != kNoThread ? serial : draw_thread_serial();
}
#endif

}  // namespace weft::internal
