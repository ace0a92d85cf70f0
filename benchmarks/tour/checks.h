// The properties that the tour searches to violate: one or more for each primitive, and that no
// strategy of deadlock avoidance dead-locks.
//
// Thread safety: the tables are constant; a body belongs to one search at a time.
#pragma once

#include <string_view>
#include <vector>

#include "stress/run/run.h"

namespace weft::tour {

struct Check {
  std::string_view name;      // "Lock"
  std::string_view property;  // one sentence that would be false in a violating execution
  void (*body)(Run&);
};

std::vector<Check> lock_checks();
std::vector<Check> meeting_checks();
std::vector<Check> queue_checks();
std::vector<Check> pool_checks();
std::vector<Check> deadlock_checks();

// All of the above.
std::vector<Check> all_checks();

}  // namespace weft::tour
