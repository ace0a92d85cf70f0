// Programs by rapidcheck: random ones, and those that are a step simpler than a given one.
//
// Thread safety: one thread at a time.
#pragma once

#include <cstdint>
#include <functional>

#include "stress/generate/program.h"
#include "stress/generate/subject.h"

namespace weft::generate {

struct ProgramSize {
  unsigned threads = 2;
  unsigned calls_max = 4;   // of a thread
  unsigned around_max = 2;  // before the threads, and after them
};

// The same for the same seed. In every second program some operations are off, so that others meet
// more often (Groce et al., "Swarm testing", ISSTA 2012). Calls of one group are all of one thread.
Program random_program(const Vocabulary& vocabulary, const ProgramSize& size, std::uint64_t seed);

// Calls `is_it` with programs that are simpler than `program`, the simplest first, until it says
// true or none is left; and says which. Simpler: fewer calls; of as many, fewer in threads beside
// each other, if the main thread `may_call`; of as many, simpler arguments. All are complete.
bool for_simpler(const Vocabulary& vocabulary, const Program& program, bool may_call,
                 const std::function<bool(const Program&)>& is_it);

}  // namespace weft::generate
