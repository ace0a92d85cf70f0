// Describes threads that are stuck: who waits for what, who holds it, and where each one is.
//
// Thread safety: by the thread that watches a search.
#pragma once

#include <string>
#include <vector>

#include "stress/run/report.h"
#include "stress/run/tasks.h"

namespace weft::internal {

// Each task with its stack. Interrupts the tasks: see stacks.h.
std::vector<ThreadDump> dumps_of(const std::vector<Task>& tasks);

// "philosopher 0 waits for Lock 'fork 1' held by philosopher 1; ...", empty if no hook told.
std::string waits_in_words(const std::vector<ThreadDump>& threads);

}  // namespace weft::internal
