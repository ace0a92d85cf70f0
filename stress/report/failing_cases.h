// Runs one of failing_cases.cc as a child, and reads what it found.
//
// Thread safety: by the test's thread.
#pragma once

#include <map>
#include <string>

#include "stress/report/finding.h"
#include "stress/run_self_for_test.h"

namespace weft::report {

// A case without "DISABLED_Report.". Searches with at most two preemptions unless the environment
// says otherwise, so that what is found is short, and the same each time.
internal::SelfRun run_case(const std::string& name,
                           std::map<std::string, std::string> environment = {});

// What it wrote; a failure of the test if it wrote none.
Finding finding_of(const internal::SelfRun& run, const std::string& name);

}  // namespace weft::report
