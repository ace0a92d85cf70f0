#include "stress/coroutine/allocations.h"

#include <cstdlib>
#include <new>

namespace {

constinit thread_local std::size_t count = 0;
constinit thread_local std::size_t bytes = 0;

}  // namespace

std::size_t weft::testing_coroutine::allocations() { return count; }
std::size_t weft::testing_coroutine::allocated_bytes() { return bytes; }

void* operator new(std::size_t size) {
  ++count;
  bytes += size;
  if (void* const memory = std::malloc(size == 0 ? 1 : size)) return memory;
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
