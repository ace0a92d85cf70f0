// The schedule of an execution that was just run, and its repetition.
//
// Thread safety: by the search.
#pragma once

#include <cstdint>

#include "stress/explore/replay.h"
#include "stress/explore/schedule.h"

namespace weft::internal {

// The schedule as it is, of the last execution.
explore::Schedule schedule_of_last(std::uint64_t seed);

// Repeats this schedule. One for all, which keeps its memory: the next call gives it another.
explore::Replay& replay_of(const explore::Schedule& schedule);

// Whether the last execution was this schedule's, told by its digest.
bool last_was(const explore::Schedule& schedule);

}  // namespace weft::internal
