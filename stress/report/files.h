// The files that a finding leaves behind, for people and for programs.
//
//   NAME.txt             the report's text
//   NAME.finding.json    of the explorer: the finding, for programs (docs/finding-json.md)
//   NAME.finding.html    ... for a browser (page.h)
//   NAME.finding.sarif   ... for whoever collects the results of analyses (sarif.h)
//
// NAME is the report's, "Suite.Test" or "Suite.Test_2", with what is not at home in file names as
// "_". No finding of a process overwrites another's in one folder.
//
// Thread safety: by the thread that runs the test.
#pragma once

#include <string>
#include <string_view>

#include "stress/run/report.h"

namespace weft::report {

// A name that is at home in file names: a test's, say.
std::string as_file_name(std::string_view name);

// Writes them into a folder that exists, and sets Report::page. What cannot be written is said on
// stderr.
void write_files(Report& report, const std::string& folder);
// Into TEST_UNDECLARED_OUTPUTS_DIR, which Bazel keeps with the test's log; without that variable
// does nothing.
void write_files(Report& report);

}  // namespace weft::report
