// The files that a finding leaves behind, for people and for programs.
//
//   NAME.txt             the report's text
//   NAME.finding.json    of the explorer: the finding, for programs (docs/finding-json.md)
//   NAME.finding.html    ... for a browser (page.h)
//   NAME.finding.sarif   ... for whoever collects the results of analyses (sarif.h)
//
// NAME is the report's, "Suite.Test" or "Suite.Test_2", with what is not at home in file names as
// "_". No finding of a process overwrites another's.
//
// Thread safety: by the thread that runs the test.
#pragma once

#include "stress/run/report.h"

namespace weft::report {

// Writes them into TEST_UNDECLARED_OUTPUTS_DIR, which Bazel keeps with the test's log, and sets
// Report::page; without that variable does nothing. What cannot be written is said on stderr.
void write_files(Report& report);

}  // namespace weft::report
