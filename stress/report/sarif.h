// A Finding as SARIF 2.1.0 (OASIS, Static Analysis Results Interchange Format): for code hosts,
// editors and dashboards that show where an analysis found something.
//
// One run with one result. Its rule is the finding's kind; its locations say where it went wrong; a
// code flow has a flow for each thread, whose `executionOrder` is the step's number; related
// locations are the finding's places, and where threads wait.
//
// Thread safety: pure functions.
// Invariants:     (I1) the same Finding gives the same bytes.
//                 (I2) the fingerprint is of the kind, the test and the functions in question, in
//                      an order of its own: it survives that lines move, that another schedule
//                      shows the same bug, and that the two sides of a race change places.
#pragma once

#include <string>

#include "stress/report/finding.h"

namespace weft::report {

// With a final newline.
std::string sarif_of(const Finding& finding);

}  // namespace weft::report
