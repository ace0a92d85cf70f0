// poll(2) that keeps a deadline whatever signals come.
//
// Thread safety: any thread.
#pragma once

#include <poll.h>

#include <span>

#include "primitives/base/deadline.h"

namespace weft::ipc::internal {

// How many of `entries` are ready; 0 once `deadline` has passed. Throws std::system_error.
int poll_until(std::span<pollfd> entries, const Deadline& deadline);

}  // namespace weft::ipc::internal
