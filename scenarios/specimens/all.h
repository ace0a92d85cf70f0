// Every specimen of this folder: what a harness must catch.
//
// Thread safety: any thread; the table is constant.
#pragma once

#include <span>

#include "scenarios/scenario.h"

namespace weft::scenarios {

// Ordered by folder. Names are unique.
std::span<const Specimen* const> all_specimens();

}  // namespace weft::scenarios
