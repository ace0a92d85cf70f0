// The record of an execution: each step with its place, its value, and why it had to wait.
//
// Kept when an execution is repeated to be explained, so it may cost what it likes.
//
// Thread safety: as runtime.h.
#pragma once

#include "stress/explore/runtime.h"

namespace weft::explore {

// What a step came to.
struct Told {
  uint64_t value = 0;
  bool changed = false;
  bool blocked = false;
  ThreadId other = kNobody;
};
void record(const Operation& operation, const Told& told);

// Remembers the calls that the thread, which runs, is in; the innermost returns to `pc`.
void record_place(Thread& thread, uintptr_t pc);

// Walks over a stack once. What the unwinder initialises at its first use, by a pthread_once() of
// its own, would else be a step of an execution that throws, and none of one that is recorded.
void use_unwinder();

// The operation in which the execution ended, if it is not recorded yet.
void record_last_operation(bool blocked);

// The call at which the execution ends because it is not modelled; it returns to `pc`.
void record_refused(uintptr_t pc);

// Who holds what a thread with this pending operation waits for, or is to end for it.
ThreadId other_thread_of(const Operation& pending, uintptr_t waits_at);

}  // namespace weft::explore
