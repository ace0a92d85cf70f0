// Whether the calls of an execution keep their guarantee (guarantee.h).
//
// Thread safety: as runtime.h.
// Invariants:     (I1) what is found follows from the order of steps alone, not from who was
//                      stopped, or by what strategy: a replay finds it as well.
// Non-invariants: every call is watched. Those are that the harness says to begin and end.
#pragma once

#include "stress/explore/runtime.h"

namespace weft::explore {

// The current thread has taken a step, or is about to.
void count_step_of_call();

// Before another thread has its turn: a call that cannot go on by itself ends the execution.
void look_for_waiting_calls();

// How often the current thread may look, while nothing changes, before the others go first: in a
// call that has promised to end by itself it must be able to come to its bound.
uint32_t most_looks(const Thread& thread, uint32_t usual);

}  // namespace weft::explore
