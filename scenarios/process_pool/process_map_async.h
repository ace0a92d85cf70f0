// Four processes double ten numbers, and the caller asks for the results later.
// Property: what is ready stays ready; asked too early it is an error, a limit is told; the
// callback is called once.
#pragma once

#include "scenarios/scenario.h"

namespace weft::scenarios {

extern const Scenario kProcessMapAsync;

}  // namespace weft::scenarios
