// The parts of the tour. Each announces itself to the progress, runs its rows, and returns them.
//
// Thread safety: one part at a time, from one thread; pool_part() last, since the others run what they
// try in child processes, and a process with threads should not fork.
#pragma once

#include "benchmarks/tour/model.h"
#include "benchmarks/tour/text.h"

namespace weft::tour {

// Every scenario once, judged.
Part scenarios_part(Progress& progress);

// Every check, for `seconds` together.
Part checks_part(Progress& progress, double seconds);

// Every specimen, until it is caught.
Part specimens_part(Progress& progress);

// Throughput of the pool beside the textbook's.
Part pool_part(Progress& progress);

}  // namespace weft::tour
