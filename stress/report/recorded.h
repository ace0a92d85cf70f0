// The explorer's last recorded execution as a Finding.
//
// Thread safety: by the search, after an execution and before the next.
#pragma once

#include "stress/report/finding.h"
#include "stress/run/report.h"

namespace weft::report {

// All of it but what the search alone knows: its counts, its bounds, how to repeat it.
Finding recorded_finding(const Violation& violation);

}  // namespace weft::report
