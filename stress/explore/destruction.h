// The end of the objects that threads meet at: destroyed while in use, used after it was destroyed,
// lying in memory that is freed.
//
// Thread safety: as runtime.h.
// Invariants:     (I1) what is destroyed, or lies in freed memory, is forgotten: what comes to lie
//                      there is another object.
//                 (I2) a destroyed object has a mark in its own memory, as glibc leaves one in a
//                      mutex: an initialiser overwrites it, be it a function's or the compiler's.
// Non-invariants: objects that have no end of their own (std::mutex has none) are noticed to end
//                 with their memory alone: freed, or of the stacks that end with the execution.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "stress/explore/objects.h"

namespace weft::explore {

// A scheduling point, because others may be at it or come to it; a finding if one is. Then it is
// forgotten and marked.
void end_object(volatile void* address, Kind kind, uintptr_t pc);
// A finding if the object, which is just met for the first time, was destroyed. `operation` is what
// is about to be done with it.
void refuse_destroyed(const Object& object, Op op, uintptr_t pc);

// Whether objects of this execution may lie in a block of the heap. May say yes without reason.
bool may_hold_objects(uintptr_t block, size_t bytes);
// Finding if one in it is in use; else they are forgotten.
void end_memory(uintptr_t block, size_t bytes, uintptr_t pc);

}  // namespace weft::explore
