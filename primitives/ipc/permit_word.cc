#include "primitives/ipc/permit_word.h"

#include <algorithm>
#include <climits>

#include "primitives/base/spin.h"

namespace weft::internal {

bool PermitWord::take_slowly(const Deadline& deadline) {
  if (deadline.has_passed()) return false;
  if (spin_until([this] { return take_fast(); })) return true;
  BoundedWait pause;
  bool has_slept = false;
  std::uint32_t seen = load();
  for (;;) {
    if (permits(seen) > 0) {
      const std::uint32_t left = permits(seen) - 1;
      const std::uint32_t mark = (seen & kWaiters) | (has_slept ? kWaiters : 0);
      if (!take(seen, left | mark)) continue;
      if (has_slept && left > 0) (void)wake_shared(low_half(word_), 1);  // (I1)
      return true;
    }
    if ((seen & kWaiters) == 0) {
      if (!mark_waiters(seen)) continue;  // (I1), also before giving up
      seen |= kWaiters;
    }
    if (deadline.has_passed()) return false;
    pause.wait(low_half(word_), seen, deadline);
    has_slept = true;
    seen = load();
  }
}

bool PermitWord::give(std::uint32_t count) {
  std::uint32_t seen = load();
  do {
    if (count > kMost - permits(seen)) return false;
  } while (!put(seen, permits(seen) + count));
  if ((seen & kWaiters) != 0) {
    (void)wake_shared(low_half(word_), static_cast<int>(std::min<std::uint32_t>(count, INT_MAX)));
  }
  return true;
}

}  // namespace weft::internal
