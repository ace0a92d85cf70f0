// The order of the one access that a specimen of this folder has wrong: none at all, or mended the
// strongest. Thread safety: constants.
#pragma once

#include <atomic>

namespace weft::scenarios::specimens::publication {

// tidy-allow(order): the specimens' very mistake
template <bool kMended>
inline constexpr auto kOrder = kMended ? std::memory_order_seq_cst : std::memory_order_relaxed;

}  // namespace weft::scenarios::specimens::publication
