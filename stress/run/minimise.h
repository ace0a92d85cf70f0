// Makes the schedule of a violation simpler: fewest preemptions first, then fewest switches, then
// fewest values that are not 0 (a spurious wake-up, a waiter out of turn), then fewest steps.
//
// Delta debugging (Zeller, Hildebrandt: "Simplifying and Isolating Failure-Inducing Input", IEEE
// TSE 28(2), 2002) over what the execution does that is no habit (stress/explore/follow.h), then a
// systematic search of all schedules with still fewer preemptions, as far as the budget goes.
//
// Thread safety: by the search.
// Invariants:     (I1) the result fails as the original does: by the same kind, in the same words
//                      but for numbers, with the same threads waiting for the same objects at the
//                      same places.
//                 (I2) it is an execution that was run, so its schedule is exact.
// Non-invariants: it is the simplest. For that the budget may be too small.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>

#include "stress/explore/schedule.h"
#include "stress/run/explored_execution.h"

namespace weft::internal {

// Of an execution; the smaller the simpler.
struct Complexity {
  std::uint64_t preemptions = 0;
  std::uint64_t switches = 0;
  std::uint64_t values = 0;
  std::uint64_t steps = 0;

  auto operator<=>(const Complexity&) const = default;
};

struct Minimised {
  explore::Schedule schedule;  // the original one if there was nothing to leave out
  Complexity found;
  Complexity left;
  std::uint64_t executions = 0;  // that it took
};

// The schedule as it is, of the last execution.
explore::Schedule schedule_of_last(std::uint64_t seed);

// `found` is what the execution that has just ended violated. Nothing if that cannot be repeated.
std::optional<Minimised> minimise(ExploredSearch& search, const Violation& found,
                                  const explore::Schedule& schedule, Seconds budget);

// minimise() as the options say: the simpler schedule, and then search.original; else the one
// given.
explore::Schedule simplified(ExploredSearch& search, const Violation& found,
                             explore::Schedule schedule);

}  // namespace weft::internal
