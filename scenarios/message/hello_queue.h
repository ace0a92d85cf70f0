// A queue between processes: the child puts a list, the parent prints it.
// Property: each item arrives once, in the order of its producer; also one that is longer than the
// queue, if it is got before its producer is joined.
#pragma once

#include "scenarios/scenario.h"

namespace weft::scenarios {

extern const Scenario kHelloQueue;

}  // namespace weft::scenarios
