// The reports of ThreadSanitizer, collected instead of ending in an exit code: a search makes each
// a violation of the execution it belongs to; what nobody claims fails the process at its end.
//
// Thread safety: any thread. Without ThreadSanitizer all of this does nothing.
// Non-invariants: that a thread with a report reports again in the same execution: it is muted, as
//                 a race in a loop would otherwise print thousands.
#pragma once

#include <cstdint>
#include <vector>

#include "stress/run/report.h"

namespace weft::internal {

// How many there were so far.
std::uint64_t thread_sanitizer_reports();

// The reports after the first `seen` that nobody has claimed yet, as violations of kind kDataRace,
// kLockInversion or kSanitizerReport; `seen` becomes their total. They are then the caller's to act
// upon.
std::vector<Violation> claim_thread_sanitizer_reports(std::uint64_t& seen);
std::uint64_t unclaimed_thread_sanitizer_reports();

// Ends the muting of the calling thread.
void unmute_this_thread();

}  // namespace weft::internal
