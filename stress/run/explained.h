// The last recorded execution of the explorer, in words.
//
// Thread safety: by the search, after an execution and before the next.
#pragma once

#include <string>
#include <vector>

#include "stress/explore/explore.h"
#include "stress/run/report.h"

namespace weft::internal {

struct Explanation {
  std::string sentence;             // what went wrong, with names
  std::vector<ThreadDump> threads;  // those that had not ended
  std::string interleaving;         // a table, a column for each thread
};

Explanation explained(const Violation& violation);

// Names the first step in which the last recorded execution differs from `before`.
std::string first_difference(const std::vector<explore::Event>& before);

}  // namespace weft::internal
