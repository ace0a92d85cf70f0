// What nobody can guess: random bytes of the kernel.
//
// Thread safety: any thread.
#pragma once

#include <cstddef>
#include <span>

#include "primitives/manager/wire.h"

namespace weft::ipc::detail {

// Throws std::system_error.
void fill_with_random(std::span<std::byte> bytes);
Token random_token();

}  // namespace weft::ipc::detail
