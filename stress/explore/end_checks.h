// What is looked at when an execution has ended well: did it leave everything as it should?
//
// Thread safety: as runtime.h.
#pragma once

#include "stress/explore/runtime.h"

namespace weft::explore {

// Makes the outcome a finding if a lock was held when the stack that it lies on ended, or if a
// thread was neither joined nor detached; else says whether locks were taken in contradicting
// orders. Facts go with each.
void look_at_end(const Limits& limits);

// Adds a fact of the recorded event, or of none.
void add_fact(const char* what, ThreadId thread, unsigned event);

}  // namespace weft::explore
