#include "primitives/base/thread_serial.h"

#include <atomic>

namespace weft::internal {

constinit thread_local std::uint64_t thread_serial = kNoThread;

std::uint64_t draw_thread_serial() {
  static std::atomic<std::uint64_t> last{0};
  // relaxed: only the number's uniqueness matters, it orders nothing.
  thread_serial = last.fetch_add(1, std::memory_order_relaxed) + 1;
  return thread_serial;
}

}  // namespace weft::internal
