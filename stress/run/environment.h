// Thread safety: any thread, while none changes the environment.
#pragma once

#include <cstdint>

namespace weft::internal {

// 0 when the variable is missing or no number.
std::uint64_t number_in_environment(const char* name);

}  // namespace weft::internal
