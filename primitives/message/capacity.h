// How much memory is taken for a message whose length is known before it has come: whoever claims a
// length may lie, or end.
//
// Thread safety: a pure function.
#pragma once

#include <algorithm>
#include <cstddef>

namespace weft::ipc::detail {

inline constexpr std::size_t kInAdvance = std::size_t{16} << 20;

// For a message of `total` bytes of which `size` have come, where there is room for `had`: all of
// it if that is little, else twice as much as before.
inline std::size_t capacity_for(std::size_t size, std::size_t total, std::size_t had) {
  return std::max(size, std::min(total, std::max(kInAdvance, 2 * had)));
}

}  // namespace weft::ipc::detail
