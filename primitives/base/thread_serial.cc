#include "primitives/base/thread_serial.h"

#include <atomic>

namespace weft::internal {

std::uint64_t this_thread_serial() {
  static std::atomic<std::uint64_t> last{0};
  // relaxed: only the number's uniqueness matters, it orders nothing.
  thread_local const std::uint64_t serial = last.fetch_add(1, std::memory_order_relaxed) + 1;
  return serial;
}

}  // namespace weft::internal
