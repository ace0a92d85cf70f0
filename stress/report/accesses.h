// The two accesses of a data race, or of a use after free, in words.
//
// Thread safety: pure functions.
#pragma once

#include <string>
#include <vector>

#include "stress/report/finding.h"

namespace weft::report {

// "'right' reads 4 bytes of counter"; "'left' frees a block of 32 bytes".
std::string in_words(const MemoryAccess& access, const Finding& finding);

// Of a finding with accesses: what happened, and of a data race what is missing to order them; of a
// leak, who made what is lost.
// "left writes 4 bytes of counter, right reads them, and nothing orders the two: ..."
std::string race_sentence(const Finding& finding);

// Why the earlier access does not happen before the later one: a flag that was seen but is relaxed,
// two different locks, a notification. "" if there are no two accesses.
std::string missing_edge(const Finding& finding);

// The accesses as places; and with the finding's own behind them: all that has a stack to look at.
std::vector<Place> access_places(const Finding& finding);
std::vector<Place> all_places(const Finding& finding);

}  // namespace weft::report
