// What the runtime's own sources share about who goes on, and about the threads' memory.
//
// Thread safety: as runtime.h.
#pragma once

#include "stress/explore/runtime.h"

namespace weft::explore {

// Where stacks and donors lie is fixed, so that addresses repeat whatever the kernel randomises;
// the heap is beside them (heap.h).
inline constexpr uintptr_t kStacks = 0x6f00'0000'0000;
inline constexpr uintptr_t kRootStack = 0x6e80'0000'0000;
inline constexpr uintptr_t kRootStackBytes = uintptr_t{8} << 20;  // as a main thread has it
inline constexpr uintptr_t kDonors = 0x6d00'0000'0000;
// From one thread's stack to the next.
extern uintptr_t stack_stride __attribute__((visibility("hidden")));

// Maps all that so many threads will have as their own: stacks, heaps, thread-local storage.
void map_memory_of_threads(unsigned count);

// The thread that goes on now: the decision itself. Ends the execution if nobody can.
Thread& next_thread();
// `next` is the current thread; the switch of contexts is the caller's.
void become(Thread& next);
// Whoever spins may look again.
void someone_changed_something();

// The root has ended; the threads that it left go on. Returns when they have ended as well.
void leave_root();

// Both texts, cut to `size` bytes with the end.
void copy_text(char* to, size_t size, const char* text, const char* more = "");

}  // namespace weft::explore
