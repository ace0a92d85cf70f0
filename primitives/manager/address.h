// Where a manager listens: a name in the abstract namespace of Unix sockets. The kernel takes it
// away with the process, and knows no files or rights for it; whose process connects is asked of
// the kernel, and the rest is the key's (handshake.h).
//
// Thread safety: any thread.
#pragma once

#include <chrono>
#include <string>

#include "primitives/process/descriptor.h"

namespace weft::ipc::detail {

// One that nobody has.
std::string random_address();

// Both throw ValueError for what is no address, and std::system_error.
// The listener does not block.
weft::internal::Descriptor listen_at(const std::string& address);
// Gives up after the limit: who listens there may be stopped, and accept nobody.
weft::internal::Descriptor connect_to(const std::string& address, std::chrono::seconds limit);

}  // namespace weft::ipc::detail
