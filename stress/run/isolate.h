// Runs a search in a child process, so that the end of that process is a finding, not the end of
// this one.
//
// Thread safety: one call at a time.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>

#include "stress/run/options.h"
#include "stress/run/report.h"

namespace weft::internal {

// Where the child's search tells how far it is, in memory that survives it.
struct Progress {
  std::atomic<std::uint64_t> executions{0};
  std::atomic<std::uint64_t> seed{0};
};

struct IsolatedResult {
  Report report;       // kCrash if the child ended without one
  std::string output;  // what the child printed, shortened in the middle if long
};

// Whether a forked child can do all that this process can. ThreadSanitizer lets a child make
// threads only if its parent had a single one.
bool can_isolate();
// Threads besides the caller, the sanitizer's own, and those left behind by hangs.
int other_threads();
// Whether this process is such a child.
bool is_isolated();

// `search` runs in the child; what it throws is thrown here, see outcome_from(). Throws
// std::runtime_error if no child can be made, or if it neither reports nor ends in `patience`. With
// `show`, the child's output is also printed as it comes.
IsolatedResult isolated(const std::function<Report(Progress&)>& search, Seconds patience,
                        bool show);

}  // namespace weft::internal
