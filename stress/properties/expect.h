// The two judgements of a test of properties.
// Thread safety: by the thread that runs the test.
#pragma once

#include "stress/generate/expect.h"

namespace weft::properties {

using generate::expect_caught;
using generate::expect_holds;

}  // namespace weft::properties
