// Whether code is GoogleTest's. A failed expectation takes locks of its own, in the middle of the
// tested code: those are no scheduling point, order no threads, and stand in no lock order.
//
// They are in the tables all the same: a thread can lose its turn while it holds one (GoogleTest's
// own atomics are scheduling points), and another would wait for the real one for ever.
//
// Thread safety: as runtime.h.
// Non-invariants: in a program that was stripped, GoogleTest linked in is not recognized.
#pragma once

#include <stdint.h>

namespace weft::explore {

// Reads where its functions are. Once, before the first execution, and not again in a process that
// is forked then.
void know_test_framework();

// Whether the function that a return address lies in is of the namespace `testing`.
bool is_in_test_framework(uintptr_t caller);

}  // namespace weft::explore
