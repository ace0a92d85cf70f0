// What a search under the explorer tells of a violation.
//
// Thread safety: by the search.
#pragma once

#include <string>

#include "stress/explore/schedule.h"
#include "stress/run/explored_execution.h"

namespace weft::internal {

// Says what the last execution, which was recorded, shows.
void explain_last(ExploredSearch& search, Violation violation, std::string caveat);
// Repeats a violating execution with its steps recorded, and explains it.
void explain(ExploredSearch& search, const explore::Schedule& schedule, Violation violation);
// What the search alone knows of a finding; then its text and its file.
void finish_finding(ExploredSearch& search);

}  // namespace weft::internal
