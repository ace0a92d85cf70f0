// A number that names one thread for ever: unlike a std::thread::id or a kernel id, it is never
// given to another thread later. Thread safety: any thread.
#pragma once

#include <cstdint>

namespace weft::internal {

inline constexpr std::uint64_t kNoThread = 0;

// From 1, in the order in which threads first ask.
std::uint64_t this_thread_serial();

}  // namespace weft::internal
