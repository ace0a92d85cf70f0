// Runs a program on real threads, all let go together, again and again, and has each history judged
// that is different from those before. Under the explorer, on its threads.
//
// Thread safety: one search at a time in a process, as with stress/run/search.h.
#pragma once

#include <cstdint>
#include <optional>

#include "stress/generate/program.h"
#include "stress/generate/subject.h"
#include "stress/report/history.h"
#include "stress/run/options.h"
#include "stress/run/report.h"

namespace weft::generate {

struct ProgramReport {
  Report report;
  // Of a violation that a history shows: a wrong result, or a wait that no order explains.
  std::optional<report::History> history;
  std::uint64_t histories = 0;  // distinct
  std::uint64_t undecided = 0;
};

// `program` is complete. On real threads it ends in every interleaving: a hang is a violation.
// Under the explorer threads may wait for ever, if the model has them wait.
ProgramReport search_program(const Vocabulary& vocabulary, const Program& program,
                             const Options& options);

}  // namespace weft::generate
