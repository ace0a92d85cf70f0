// An index and a tag in one word, which a compare-exchange takes for another word when only the tag
// has changed. Thread safety: a value.
#pragma once

#include <cstdint>

namespace weft::scenarios::specimens::containers {

inline constexpr int kNone = 255;

using Tagged = std::uint32_t;

constexpr Tagged tagged(int index, unsigned tag) { return static_cast<Tagged>(index) | tag << 8; }
constexpr int index_of(Tagged word) { return static_cast<int>(word & 255); }
constexpr unsigned tag_of(Tagged word) { return word >> 8; }

}  // namespace weft::scenarios::specimens::containers
