// The processes that search, and what they come to together.
//
// Thread safety: one campaign at a time.
#pragma once

#include <string>
#include <vector>

#include "stress/cli/arguments.h"
#include "stress/cli/build.h"
#include "stress/program/search/result.h"

namespace weft::cli {

// Runs `program` as `arguments` say, and waits for it. Files go to `folder`. One violated result
// ends the other processes: then it alone is returned.
// Throws std::runtime_error if a process ends without a result.
std::vector<program::Result> run_campaign(const Arguments& arguments,
                                          const Installation& installation,
                                          const std::string& program, const std::string& folder);

}  // namespace weft::cli
