// Looks for a violation by running a body again and again on real threads.
//
//   weft::Report report = weft::search("lost update", [](weft::Run& run) { ... }, {});
//
// Thread safety: one search at a time in a process; a second one, also from inside a body, throws
// std::logic_error. The caller watches; the body runs on a thread of the search.
// Invariants:     (I1) each execution has its own seed, from which all decisions of Weft in it
//                      follow: mode, yields, sleeps, spins, random(). The threads' interleaving
//                      does not, so a replay may need several executions.
//                 (I2) a violation that leaves the process sound ends the search with all threads
//                      joined; a hang or livelock leaves them behind (see process.h).
// Non-invariants: the executions of two searches with one seed meet the same interleavings.
#pragma once

#include <optional>
#include <string_view>

#include "stress/run/options.h"
#include "stress/run/report.h"
#include "stress/run/run.h"

namespace weft {

// `in_code` is resolved() first: throws OptionError for a bad environment.
Report search(std::string_view name, const Body& body, const Options& in_code = {});

// The same for a negative control: goes on over violations of other kinds, as long as the process
// stays sound, until `wanted` is found; takes the defaults of a control. If found it is the
// report's violation, and the others are in `also`.
Report search_for(Kind wanted, std::string_view name, const Body& body,
                  const Options& in_code = {});

}  // namespace weft
