// The lines of source that a Finding's frames name.
//
// Thread safety: any thread.
#pragma once

#include "stress/report/finding.h"

namespace weft::report {

// Fills in Frame::source where the file can be read: in the working folder (a test's runfiles), in
// BUILD_WORKSPACE_DIRECTORY (`bazel run`), or in the execution root that Bazel built the program
// in. Only of code of the project and of what it includes, not of the standard library.
void put_sources(Finding& finding);

}  // namespace weft::report
