// Data races: two accesses to the same memory by different threads, not both of them atomic, at
// least one of which writes, and neither of which happens before the other. The order in which they
// came does not matter: what is missing is a release by the one and an acquire by the other.
//
// The interposing sources tell where threads synchronise; accesses are checked against what all
// others did (shadow.h). A race ends the execution. So do an access to freed memory, and a second
// free.
//
// What orders threads: mutexes and all other locks, semaphores, barriers, once, the making and the
// joining of threads, input that is read after output, atomic accesses and fences by their orders,
// ThreadSanitizer's annotations. What does not: a futex, a sleep, a notification, a yield; they are
// no synchronisation by themselves.
//
// Thread safety: as runtime.h.
// Invariants:     (I1) nothing here is a scheduling point, and nothing of it is in the trace: with
//                      and without, an execution without a race is the same.
//                 (I2) a race that is reported is one; and if an execution has a race in what is
//                      seen of it, the first one is reported.
// Non-invariants: that all accesses are seen: those of code that was not compiled for it are not,
//                 but for those that the memory and string functions of libc make.
#pragma once

#include <stdint.h>

#include "stress/explore/ordering.h"
#include "stress/explore/runtime.h"

namespace weft::explore {

// An execution begins, with the root.
void begin_races();

inline ThreadClock& my_clock() { return *rt.current->clock; }

// Ends the execution with the conflict, unless an annotation says that it may be.
void report_conflict(uintptr_t address, uintptr_t size, AccessKind kind, uintptr_t pc);
// Remembers who does what where, in an execution that is recorded.
void remember_access(uintptr_t address, uintptr_t size, AccessKind kind, uintptr_t pc);
// An annotation says that this memory may be raced for, in this execution.
void allow_races(uintptr_t address, uintptr_t size);

// What follows costs a test of rt.races where no race is looked for; the work is in races.cc.

// A plain access by code under test.
void check_range_now(uintptr_t address, uintptr_t size, AccessKind kind, uintptr_t pc);
inline void check_range(uintptr_t address, uintptr_t size, AccessKind kind, uintptr_t pc) {
  if (rt.races) check_range_now(address, size, kind, pc);
}

// Whether it is one for sure that races with nothing, where rt.races is known to be set; if not,
// check_closely(). Calls nothing, so that the usual access saves no registers.
[[gnu::always_inline]] inline bool is_checked_quickly(uintptr_t address, uint8_t size,
                                                      AccessKind kind) {
  const uintptr_t offset = address & 7;
  const ThreadClock* const me = rt.checked;
  if (me == nullptr || offset + size > 8 || address >> kAddressBits != 0) [[unlikely]]
    return false;
  Word* const chunk = chunk_at(address);
  if (chunk == nullptr) [[unlikely]]
    return false;
  Word& word = word_in(chunk, address);
  const uint8_t mask = mask_of(offset, size);
  return kind == AccessKind::kRead ? read_quickly(*me, word, mask) : write_quickly(*me, word, mask);
}

void check_closely(uintptr_t address, uint8_t size, AccessKind kind, uintptr_t pc);

// Annotations: what the thread does is no part of a race until it says the opposite as often.
void ignore_accesses(bool begin);

// What the memory and string functions do; they come from libraries, too, whose own variables are
// their own affair.
void check_library_access(const volatile void* address, uintptr_t size, AccessKind kind,
                          uintptr_t pc);

// An atomic access, at its turn and before it is done; as access_and_order().
void check_atomic(Op op, uintptr_t address, uint8_t size, int order, uintptr_t pc);
// Whether the current thread has read this word of 8 bytes, and not written it, a moment ago.
bool has_just_read(uintptr_t address);

// Edges. What the thread did before release() happens before what another does after an acquire()
// of the same address.
void acquire_now(uintptr_t address);
inline void acquire(uintptr_t address) {
  if (rt.races) acquire_now(address);
}
void release_now(uintptr_t address);
inline void release(uintptr_t address) {
  if (rt.races) release_now(address);
}
// The other thread has ended, and the calling one knows.
void acquire_end_now(const Thread& ended);
inline void acquire_end(const Thread& ended) {
  if (rt.races) acquire_end_now(ended);
}
// The memory of a lock, or its like, is used: an atomic read of a byte.
void check_use_now(uintptr_t address, uintptr_t pc);
inline void check_use(uintptr_t address, uintptr_t pc) {
  if (rt.races) check_use_now(address, pc);
}
// And an edge at it.
void check_acquire_now(uintptr_t address, uintptr_t pc);
inline void check_acquire(uintptr_t address, uintptr_t pc) {
  if (rt.races) check_acquire_now(address, pc);
}
void check_release_now(uintptr_t address, uintptr_t pc);
inline void check_release(uintptr_t address, uintptr_t pc) {
  if (rt.races) check_release_now(address, pc);
}

// A block of the heap was given out: written, if it has been in use before, or is cleared.
void check_allocation_now(uintptr_t block, uintptr_t size, bool written, uintptr_t pc);
inline void check_allocation(uintptr_t block, uintptr_t size, bool written, uintptr_t pc) {
  if (rt.recording || (rt.races && written)) check_allocation_now(block, size, written, pc);
}
// It is about to be freed.
void check_free_now(uintptr_t block, uintptr_t size, uintptr_t pc);
inline void check_free(uintptr_t block, uintptr_t size, uintptr_t pc) {
  if (rt.races) check_free_now(block, size, pc);
}
// Ends the execution: what is freed was freed before.
[[noreturn]] void report_second_free(uintptr_t block, uintptr_t pc);
// The execution has ended well and left so many blocks behind, this one among them.
void report_leak(uintptr_t block, uint64_t blocks);

}  // namespace weft::explore
