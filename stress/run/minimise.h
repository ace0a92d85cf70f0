// Makes the schedule of a violation simpler: fewest preemptions first, then fewest switches, then
// fewest values that are not 0 (a spurious wake-up, a waiter out of turn), then fewest steps.
//
// Delta debugging (Zeller, Hildebrandt: "Simplifying and Isolating Failure-Inducing Input", IEEE
// TSE 28(2), 2002) over what the execution does that is no habit (stress/explore/follow.h); turns
// of threads are put off until later; then a systematic search of all schedules with still fewer
// preemptions, and of some with as many, as far as the budget goes.
//
// Thread safety: by the search.
// Invariants:     (I1) the result fails as the original does: by the same kind, in the same words
//                      but for numbers, with the same threads waiting for the same objects at the
//                      same places.
//                 (I2) it is an execution that was run, so its schedule is exact.
// Non-invariants: it is the simplest. For that the budget may be too small.
#pragma once

#include "stress/explore/schedule.h"
#include "stress/run/explored_execution.h"

namespace weft::internal {

// As long as the options say, for what the last execution violated: the simpler schedule, and then
// search.original; else the one given.
explore::Schedule simplified(ExploredSearch& search, const Violation& found,
                             explore::Schedule schedule);

}  // namespace weft::internal
