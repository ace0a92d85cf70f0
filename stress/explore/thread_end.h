// What runs when a thread under test ends: destructors of its thread_local variables and of its
// pthread keys.
//
// Thread safety: as runtime.h.
#pragma once

namespace weft::explore {

// For the current thread, which is not a test's body.
void run_thread_end();
// The first half of it, which is also what exit() does for the thread that calls it.
void destroy_thread_locals();
// When an execution ends: whatever was registered and not run is forgotten.
void forget_thread_ends();

}  // namespace weft::explore
