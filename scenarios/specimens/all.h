// Every specimen of this folder: what a harness must catch.
//
// Thread safety: any thread; the tables are constant.
#pragma once

#include <span>

#include "scenarios/scenario.h"
#include "scenarios/specimens/classic.h"

namespace weft::scenarios {

// The scenarios' negative controls, which real threads and sanitizers catch, too. Ordered by
// folder. Names are unique.
std::span<const Specimen* const> all_specimens();

// The classic bugs, for the explorer. Ordered by folder. Names are unique, also beside the others.
std::span<const Classic* const> classic_specimens();

}  // namespace weft::scenarios
