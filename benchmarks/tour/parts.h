// The parts of the tour. Each announces itself to the progress, runs its rows, and returns them.
//
// Thread safety: one part at a time, from one thread; pool_part() last, since the others run what
// they try in child processes, and a process with threads should not fork.
#pragma once

#include <string>
#include <vector>

#include "benchmarks/tour/model.h"
#include "benchmarks/tour/text.h"

namespace weft::tour {

// The names of a part's rows, in order. Each is one of a kind in the whole tour.
std::vector<std::string> scenario_names();
std::vector<std::string> check_names();
std::vector<std::string> specimen_names();
std::vector<std::string> pool_names();

// Each scenario once, judged. Of `names` in this and the others: some of the part's names.
Part scenarios_part(Progress& progress, const std::vector<std::string>& names);

// Each check, for `seconds` together.
Part checks_part(Progress& progress, const std::vector<std::string>& names, double seconds);

// Each specimen, until it is caught.
Part specimens_part(Progress& progress, const std::vector<std::string>& names);

// Throughput of the pool beside the textbook's.
Part pool_part(Progress& progress, const std::vector<std::string>& names);

}  // namespace weft::tour
