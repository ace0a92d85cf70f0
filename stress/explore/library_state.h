// What the standard library keeps between executions, in variables of its own.
//
// Thread safety: as runtime.h.
#pragma once

namespace weft::explore {

// As in a program that has just begun. Else one execution would be another one's past: libstdc++
// counts the threads that wait for atomic objects, and an abandoned execution leaves its waiters
// counted; it numbers notifications, and those numbers are read as values.
void reset_library_state();

}  // namespace weft::explore
