#include "primitives/process_pool/known_code.h"

#include <link.h>

#include <algorithm>
#include <cstddef>

namespace weft::internal {

KnownCode::KnownCode() {
  const auto add = [](dl_phdr_info* object, std::size_t, void* to) {
    auto& segments = *static_cast<std::vector<Segment>*>(to);
    for (int i = 0; i < object->dlpi_phnum; ++i) {
      const auto& header = object->dlpi_phdr[i];
      if (header.p_type != PT_LOAD || (header.p_flags & PF_X) == 0) continue;
      const std::uint64_t begin = object->dlpi_addr + header.p_vaddr;
      segments.push_back({begin, begin + header.p_memsz});
    }
    return 0;
  };
  (void)::dl_iterate_phdr(add, &segments_);
  std::sort(segments_.begin(), segments_.end(),
            [](const Segment& a, const Segment& b) { return a.begin < b.begin; });
}

bool KnownCode::contains(std::uint64_t address) const {
  const auto after =
      std::upper_bound(segments_.begin(), segments_.end(), address,
                       [](std::uint64_t at, const Segment& segment) { return at < segment.begin; });
  return after != segments_.begin() && address < std::prev(after)->end;
}

}  // namespace weft::internal
