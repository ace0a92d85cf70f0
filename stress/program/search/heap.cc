// The search's own heap.
//
// A runner puts the program's memory back between executions, libc's heap with it, and goes on
// searching: so what the search allocates lies elsewhere, in memory that stays as it is
// (kSearchHeap). Blocks are of sizes that are powers of two, or three quarters of one; a freed one
// is the next of its size.
//
// Thread safety: the search has one thread.
// Invariants:     (I1) a block is preceded by 16 bytes, of which the last 8 are the number of its
//                      size.
//                 (I2) what does not lie in this heap is libc's, and goes back there.
#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "stress/explore/raw.h"
#include "stress/program/channel.h"

extern "C" void __libc_free(void* block);
extern "C" size_t malloc_usable_size(void* block);

namespace weft::program {
namespace {

constexpr uintptr_t kHeader = 16;
constexpr uintptr_t kBytes = uintptr_t{64} << 30;  // of address space
constexpr unsigned kSizes = 2 * 48;

uintptr_t top = 0;  // 0: nothing has been allocated
void* freed[kSizes];

// 16, 24, 32, 48, 64, 96, ...: the first that is large enough.
unsigned size_for(size_t bytes) {
  if (bytes <= 16) return 0;
  const auto power = static_cast<unsigned>(64 - __builtin_clzll(bytes - 1));  // 2^power >= bytes
  const size_t three_quarters = size_t{3} << (power - 2);
  return 2 * (power - 4) - (bytes <= three_quarters ? 1 : 0);
}
size_t bytes_of(unsigned size) { return (size % 2 == 0 ? size_t{16} : size_t{24}) << (size / 2); }

uint64_t& size_of(void* block) { return static_cast<uint64_t*>(block)[-1]; }
bool owns(const void* block) { return reinterpret_cast<uintptr_t>(block) - kSearchHeap < kBytes; }

void* carve(size_t bytes, size_t alignment) {
  if (top == 0) {
    top = explore::map_memory(kSearchHeap, kBytes);
    if (top == 0) explore::raw_die("no memory for the search");
  }
  const uintptr_t block = (top + kHeader + alignment - 1) & ~(alignment - 1);
  if (block + bytes > kSearchHeap + kBytes) return nullptr;
  top = block + bytes;
  return reinterpret_cast<void*>(block);
}

void* allocate(size_t bytes, size_t alignment) {
  void* block = nullptr;
  if (bytes < kBytes / 4) {
    const unsigned size = size_for(bytes);
    if (alignment <= 16 && freed[size] != nullptr) {
      block = freed[size];
      freed[size] = *static_cast<void**>(block);
    } else {
      block = carve((bytes_of(size) + 15) & ~size_t{15}, alignment < 16 ? 16 : alignment);
    }
    if (block != nullptr) size_of(block) = size;
  }
  if (block == nullptr) errno = ENOMEM;
  return block;
}

}  // namespace
}  // namespace weft::program

using namespace weft::program;

extern "C" {

void* malloc(size_t bytes) { return allocate(bytes, 16); }

void free(void* block) {
  if (!owns(block)) {
    __libc_free(block);
    return;
  }
  const auto size = static_cast<unsigned>(size_of(block));
  *static_cast<void**>(block) = freed[size];
  freed[size] = block;
}

void* calloc(size_t count, size_t size) {
  size_t bytes;
  if (__builtin_mul_overflow(count, size, &bytes)) {
    errno = ENOMEM;
    return nullptr;
  }
  void* const block = allocate(bytes, 16);
  return block == nullptr ? nullptr : memset(block, 0, bytes);
}

void* realloc(void* block, size_t bytes) {
  if (block == nullptr) return allocate(bytes, 16);
  const size_t before =
      owns(block) ? bytes_of(static_cast<unsigned>(size_of(block))) : malloc_usable_size(block);
  if (owns(block) && bytes <= before) return block;
  void* const moved = allocate(bytes, 16);
  if (moved == nullptr) return nullptr;
  memcpy(moved, block, before < bytes ? before : bytes);
  free(block);
  return moved;
}

void* aligned_alloc(size_t alignment, size_t bytes) { return allocate(bytes, alignment); }
void* memalign(size_t alignment, size_t bytes) { return allocate(bytes, alignment); }

int posix_memalign(void** block, size_t alignment, size_t bytes) {
  *block = allocate(bytes, alignment);
  return *block == nullptr ? ENOMEM : 0;
}
}
