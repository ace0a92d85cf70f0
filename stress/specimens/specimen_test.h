// The tests of the tester: each specimen must be caught, with the kind that it promises for this
// mode, and its mended twin must pass the same judgement.
//
// A test program links //stress/specimens:specimen_test and defines the function below.
// Thread safety: called once, before main().
#pragma once

#include <span>

#include "scenarios/scenario.h"

namespace weft {

// At least one.
std::span<const scenarios::Specimen* const> specimens_under_test();

}  // namespace weft
