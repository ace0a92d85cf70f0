// Messages that show whether they are whole, and of the sizes at which something changes.
//
// Thread safety: no state.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace weft::testing_message {

using Bytes = std::vector<std::byte>;

// Around what is one packet, what is one piece, and much more than any buffer holds.
inline constexpr std::size_t kSizes[] = {0,      1,       16'383,    16'384,    16'385,
                                         65'536, 300'000, 1'048'576, 1'048'577, 10'485'760};

inline std::byte pattern_at(std::size_t i, int salt) {
  return static_cast<std::byte>(i * 7 + i / 251 + static_cast<std::size_t>(salt));
}
inline Bytes pattern(std::size_t size, int salt) {
  Bytes bytes(size);
  for (std::size_t i = 0; i < size; ++i) bytes[i] = pattern_at(i, salt);
  return bytes;
}
inline bool is_pattern(std::span<const std::byte> bytes, std::size_t size, int salt) {
  if (bytes.size() != size) return false;
  for (std::size_t i = 0; i < size; ++i) {
    if (bytes[i] != pattern_at(i, salt)) return false;
  }
  return true;
}

}  // namespace weft::testing_message
