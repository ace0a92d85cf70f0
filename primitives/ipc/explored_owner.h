// The owners of owner.h inside an execution of the explorer. Its threads are none of the kernel's:
// it numbers them itself, from the same number in each execution, and one is dead when it has
// ended.
//
// Only in the build *explore*. Thread safety: any thread.
#pragma once

#include "primitives/ipc/owner.h"

namespace weft::internal {

#if defined(WEFT_EXPLORE)
// Whether it is a thread of an execution. (The build runs tests outside of executions, too.)
bool is_explored(OwnerId owner);
// Never while explored_threads_live_on, for tests against a model that knows no deaths.
bool has_ended(OwnerId owner);
extern bool explored_threads_live_on;
#endif

}  // namespace weft::internal
