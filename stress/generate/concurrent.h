// Runs a program on real threads, all let go together, again and again, and looks for an order of
// the operations in which the model gives what was seen. Under the explorer, on its threads.
//
// Thread safety: one search at a time in a process, as with stress/run/search.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "stress/generate/program.h"
#include "stress/generate/vocabulary.h"
#include "stress/run/report.h"

namespace weft::generate {

// `program` is labelled, and ends in every interleaving: a hang is a violation, and so is a
// deadlock under the explorer.
Report search_program(const Vocabulary& vocabulary, const Program& program, std::uint64_t seed,
                      std::uint64_t executions);

}  // namespace weft::generate
