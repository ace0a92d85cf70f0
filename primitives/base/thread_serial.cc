#include "primitives/base/thread_serial.h"

#include <atomic>

#include "primitives/base/explored_thread.h"

namespace weft::internal {
namespace {

std::uint64_t next_serial() {
  static std::atomic<std::uint64_t> last{0};
  // relaxed: only the number's uniqueness matters, it orders nothing.
  return last.fetch_add(1, std::memory_order_relaxed) + 1;
}

}  // namespace

#if defined(WEFT_EXPLORE)
std::uint64_t this_thread_serial() {
  const std::uint64_t id = thread_id();
  if (is_explored_thread(id)) return id;
  thread_local const std::uint64_t serial = next_serial();
  return serial;
}
#else
constinit thread_local std::uint64_t thread_serial = kNoThread;

std::uint64_t draw_thread_serial() {
  thread_serial = next_serial();
  return thread_serial;
}
#endif

}  // namespace weft::internal
