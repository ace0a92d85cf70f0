// Several threads hand work to one pool, of threads or of processes, and each is to get its own
// results.
//
// Thread safety: as of the transcript.
#pragma once

#include <functional>
#include <string>

#include "scenarios/transcript.h"

namespace weft::scenarios {

// What is worked out; a result tells whose it is.
long work_of(int thread, int round);

// `apply` has the pool work out work_of() and waits for the result.
void apply_in_threads(Transcript& out, const std::function<long(int thread, int round)>& apply);

std::string judge_own_results(const Lines& lines);

}  // namespace weft::scenarios
