// The threads of an execution of the explorer. The kernel knows them as one, so the explorer
// numbers them itself, by what gettid() returns there: from the same number in each execution, the
// thread that runs it being the first. So what a thread computes from its number is the same in
// executions that are alike.
//
// Only in the build *explore*. Thread safety: any thread.
// Invariants: no kernel thread has such a number, as Linux gives none above 2^22, and no two
//             threads of one execution have the same.
#pragma once

#if defined(WEFT_EXPLORE)
#include <unistd.h>

#include <cstddef>
#include <cstdint>

namespace weft::internal {

inline constexpr std::uint64_t kFirstExplored = 5'000'000;  // as the explorer's gettid()
inline constexpr std::size_t kMostExplored = 1024;
static_assert(kFirstExplored > std::uint64_t{1} << 22, "a kernel may give the same number");

inline bool is_explored_thread(std::uint64_t id) {
  return id >= kFirstExplored && id < kFirstExplored + kMostExplored;
}

// The calling thread's number, which is explored or the kernel's.
inline std::uint64_t thread_id() { return static_cast<std::uint64_t>(::gettid()); }

}  // namespace weft::internal
#endif
