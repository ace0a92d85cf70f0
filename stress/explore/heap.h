// The heap of the threads under test: malloc as they see it.
//
// Deterministic: every thread has a region at a fixed address, and lists of its own of what it
// freed, last freed first (as glibc's caches are, so that a freed node's address comes back at once
// and an ABA problem can show). The same execution gets the same addresses in every process.
//
// Thread safety: as runtime.h.
// Invariants:     (I1) a block is preceded by its header; blocks of a region lie end to end.
//                 (I2) when an execution ends, what it allocated and did not free is gone, unless
//                      something that outlives the execution refers to it (a static, the caller's
//                      stack, the process's own heap): that stays, for ever.
//                 (I3) a freed block goes to the list of the thread that freed it.
#pragma once

#include <stddef.h>
#include <stdint.h>

namespace weft::explore {

inline constexpr uintptr_t kHeap = 0x6e00'0000'0000;
inline constexpr uintptr_t kHeapRegion = uintptr_t{256} << 20;

inline bool heap_owns(uintptr_t address) { return address - kHeap < 512 * kHeapRegion; }

// Maps the regions of so many threads, which else happens when each allocates first.
void heap_open(unsigned threads);

// For the current thread; null if its region is full. `alignment` is a power of two.
void* heap_allocate(size_t bytes, size_t alignment);
enum class Freed { kYes, kTwice, kNeverAllocated };
// From any thread, also outside an execution.
Freed heap_free(void* block);
size_t heap_block_bytes(const void* block);
bool heap_is_live(const void* block);

// What an execution has left behind: blocks that nobody freed and nothing refers to any more.
struct Leaked {
  uint64_t blocks = 0;
  // One of them to which no other one refers; or any, if they all refer to each other.
  uintptr_t first = 0;
};

void heap_begin_execution();
// `judged`: tell what it has left behind. Of a whole program that is nothing: all ends with its
// process.
Leaked heap_end_execution(bool judged);
// Blocks that are alive.
uint64_t heap_live_blocks();

}  // namespace weft::explore
