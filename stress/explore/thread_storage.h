// The thread-local variables of a thread under test, which lives on the storage of another one.
//
// Thread safety: as context.h.
#pragma once

#include <stdint.h>

namespace weft::explore {

// Finds the initial images of the loaded modules' thread-local variables, and where they lie from a
// thread pointer. libc's own are left out: they belong to whoever allocated in them.
void find_thread_storage();

// How far below the thread pointer they reach.
uintptr_t thread_storage_bytes();

// The variables at thread pointer `tcb` are as a new thread has them; errno too.
void restore_thread_storage(uintptr_t tcb);

}  // namespace weft::explore
