// In a deadlock: does a thread sleep though what it waits for has come?
//
// A notification that came before the wait, or went to another, is no proof: a consumer waits so
// for an item that nobody will bring. Therefore the explorer tries it out when the execution is
// over. A thread that waits on a condition which was notified, or on a futex, is woken for no
// reason, as the standard allows at any time, and runs alone. If it comes back to wait for the
// same, it has looked, and nothing was lost. If it goes on, a wake-up was all that it lacked: it
// was lost.
//
// A condition of which the hooks of annotate.h tell, as Weft's, promises that nobody wakes without
// a notification, and its threads need not look: so there has to have been one that the thread
// missed. It is tried out if the last one woke nobody, or others while it waited. Then its wait
// returns as if it had been notified, and it has gone on when it lets go of a lock without having
// come back.
//
// Thread safety: as runtime.h.
// Invariants:     (I1) a trial is no part of the execution: no decision, no digest, no record comes
//                      of it. A recorded execution has none; it is told what the trial found.
//                 (I2) whatever is wrong in the doubt is called a deadlock.
// Non-invariants: what the tested code does in a trial outside the execution's own memory is done.
#pragma once

#include "stress/explore/runtime.h"

namespace weft::explore {

// Nobody can go on. Ends the execution, or returns who goes on in a trial.
Thread& deadlocked();
// Who goes on in the trial that is under way.
Thread& next_in_trial();
// Whether this thread's wait for the object is to return, because it is tried out.
bool is_tried(const Thread& thread, uintptr_t object);
// What the hooks tell of the current thread while a trial is under way.
enum class ByHook : uint8_t { kWaits, kLetsGo };
void told_in_trial(uintptr_t object, ByHook what);
// The execution is abandoned in the middle of a trial: sets the outcome.
void end_trial();

}  // namespace weft::explore
