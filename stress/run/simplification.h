// Thread safety: a pure function.
#pragma once

#include <string>

#include "stress/report/finding.h"

namespace weft::internal {

// What minimising has come to, in one line of a report.
std::string simplification(const report::Original& original);

}  // namespace weft::internal
