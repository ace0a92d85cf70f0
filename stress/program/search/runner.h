// Processes that run executions: their beginning, waiting for their end, and what is to be said of
// one that could not say it.
//
// Thread safety: by the search.
#pragma once

#include <sys/types.h>

#include <cstdint>

#include "stress/explore/explore.h"

namespace weft::program {

// How a runner's process has ended.
struct End {
  int status = 0;  // as waitpid() has it
  bool in_time = true;
};

// Once, before the others.
void start_ticks();

// Waits until it has ended; kills it when `progress` stays the same for too long.
End wait_for_runner(pid_t process, const std::uint64_t& progress);

// Of an execution that a runner has not ended.
explore::Outcome killed(const End& end);

// Ends the search: `what` has failed, as errno says.
[[noreturn]] void die(const char* what);

}  // namespace weft::program
