// Where a repetition of an execution became another one.
//
// Thread safety: by the search, after an execution and before the next.
#pragma once

#include <string>
#include <vector>

#include "stress/explore/explore.h"

namespace weft::internal {

// Names the first step in which the last recorded execution differs from `before`.
std::string first_difference(const std::vector<explore::Event>& before);

}  // namespace weft::internal
