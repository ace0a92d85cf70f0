// Thread safety: any thread.
#pragma once

#include <string_view>

namespace weft::internal {

// Writes all of it to a file descriptor, whatever interrupts. False: it could not, and errno says
// why.
bool write_all(int file, std::string_view bytes);

}  // namespace weft::internal
