// What a worker process does: reads tasks from its desk, calls, writes results, until it is told to
// end.
//
// Thread safety: the worker's only thread, or in a test any one.
#pragma once

#include <functional>

#include "primitives/process_pool/desk.h"

namespace weft::internal {

// `initializer` is called first; if it throws, the pool is told, and no task is read. `keeps_time`:
// whether the worker says when it began each task. Throws CorruptedError.
void work_at(Desk& desk, const std::function<void()>& initializer, bool keeps_time);

}  // namespace weft::internal
