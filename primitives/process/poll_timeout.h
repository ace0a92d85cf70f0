// A deadline as poll() wants it.
//
// Thread safety: any thread.
#pragma once

#include "primitives/base/deadline.h"

namespace weft::internal {

// Milliseconds: -1 for never; rounded up; cut at some days, so a caller looks at the deadline
// again.
int poll_timeout(const Deadline& deadline);

}  // namespace weft::internal
