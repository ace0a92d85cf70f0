// What an execution's strategy was asked, read again.
//
// Thread safety: by the search.
#pragma once

#include <cstdint>
#include <vector>

#include "stress/program/channel.h"

namespace weft::program {

// An answer that was a decision, and of how many.
struct Decided {
  std::uint16_t index;
  std::uint16_t count;
};

// Asks `strategy`, which is as the execution found it, the same questions; the answers that were
// decisions are put into `decisions`. Null, or how it differs.
const char* ask_again(const Shared& shared, const Entry& entry, explore::Strategy& strategy,
                      std::uint64_t seed, std::vector<Decided>& decisions);

// Stands for the trace of an execution that could not tell it: what it was decided, and how often.
std::uint64_t digest_of(const Shared& shared, const Entry& entry);

}  // namespace weft::program
