// What a search has covered: ordered pairs of places whose operations met at one object, of two
// threads, at least one of which may have changed it. An order of operations that makes a new pair
// is news; one that only repeats known pairs in other numbers is less.
//
// The pairs are those that Yu, Narayanasamy, Pereira, Pokam, "Maple: A Coverage-Driven Testing Tool
// for Multithreaded Programs" (OOPSLA 2012), calls interleaving idiom 1.
//
// Thread safety: as runtime.h.
// Invariants:     (I1) pairs are kept over executions, until forget_conflicts(); equal in every
//                      process of one program.
// Non-invariants: all pairs are told apart: they share 2^16 bits.
#pragma once

#include <stdint.h>

#include "stress/explore/operation.h"

namespace weft::explore {

// The current thread does this.
void cover(ThreadId thread, const Operation& operation);
// An execution begins: new_conflicts() counts anew.
void begin_cover();

}  // namespace weft::explore
