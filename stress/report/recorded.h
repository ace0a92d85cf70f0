// The explorer's last recorded execution as a Finding.
//
// Thread safety: by the search, after an execution and before the next.
#pragma once

#include "stress/explore/operation.h"
#include "stress/report/finding.h"
#include "stress/run/report.h"

namespace weft::report {

// All of it but what the search alone knows: its counts, its bounds, how to repeat it. `thread` ran
// when the execution was ended, or is explore::kNobody if it was not.
Finding recorded_finding(const Violation& violation, explore::ThreadId thread);

}  // namespace weft::report
