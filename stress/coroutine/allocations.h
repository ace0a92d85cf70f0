// Counts the calling thread's calls of operator new, in programs that link allocations.cc.
// Thread safety: any thread; each has a count of its own.
#pragma once

#include <cstddef>

namespace weft::testing_coroutine {

std::size_t allocations();
// All that they asked for.
std::size_t allocated_bytes();

}  // namespace weft::testing_coroutine
