// What happens before what: the edges that atomic accesses, fences and locks make (C++20,
// [intro.races], [atomics.order], [atomics.fences]).
//
// A store that releases, or that follows a fence that does, begins a release sequence; later
// read-modify-writes, by whomever and of whatever order, go on with it; any other store ends it.
// Whoever reads from it and acquires, or comes to a fence that does, sees what was released.
//
// Thread safety: as runtime.h.
// Non-invariants: that executions are weaker than sequentially consistent: what an access reads is
//                 decided elsewhere. Only what follows from it is decided here, from the declared
//                 orders.
#pragma once

#include <stdint.h>

#include "stress/explore/operation.h"
#include "stress/explore/shadow.h"

namespace weft::explore {

// An atomic access of up to 16 bytes, as an access of memory and as an edge. Orders are those of
// std::memory_order; a compare-exchange that failed is a load. False: it conflicts (shadow.h).
bool access_and_order(ThreadClock& me, Op op, uintptr_t address, uint8_t size, int order);
void order_by_fence(ThreadClock& me, int order);

// What is done before release_to() happens before what follows an acquire_from() of the address.
void acquire_from(ThreadClock& me, uintptr_t address);
void release_to(ThreadClock& me, uintptr_t address);
// The same, where the object at the address is used, too: false, it conflicts.
bool use_and_acquire(ThreadClock& me, uintptr_t address);
bool use_and_release(ThreadClock& me, uintptr_t address);
// What was released there so far is seen by nobody who comes later.
void forget_releases(uintptr_t address);

}  // namespace weft::explore
