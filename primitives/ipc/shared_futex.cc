#include "primitives/ipc/shared_futex.h"

#include <errno.h>
#include <limits.h>
#include <linux/futex.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <bit>

#include "primitives/ipc/explored_owner.h"

namespace weft::internal {
namespace {

bool is_earlier(const timespec& a, const timespec& b) {
  return a.tv_sec != b.tv_sec ? a.tv_sec < b.tv_sec : a.tv_nsec < b.tv_nsec;
}

bool sleeps_are_bounded() {
#if defined(WEFT_EXPLORE)
  return explored_sleeps_are_bounded || !is_explored(this_owner());
#else
  return true;
#endif
}

}  // namespace

#if defined(WEFT_EXPLORE)
bool explored_sleeps_are_bounded = false;
#endif

const std::uint32_t* low_half(const std::atomic<std::uint64_t>& word) {
  static_assert(sizeof(word) == 8 && std::atomic<std::uint64_t>::is_always_lock_free);
  const auto* const halves = reinterpret_cast<const std::uint32_t*>(&word);
  return std::endian::native == std::endian::little ? halves : halves + 1;
}

int wake_shared(const std::uint32_t* word, int most) {
  const int saved_errno = errno;
  // EFAULT is right for a word that is gone by now, and there is no other error to report.
  const long woken = ::syscall(SYS_futex, word, FUTEX_WAKE, most, nullptr, nullptr, 0);
  errno = saved_errno;
  return woken < 0 ? 0 : static_cast<int>(woken);
}

void wake_all_shared(const std::uint32_t* word) { (void)wake_shared(word, INT_MAX); }

void BoundedWait::wait(const std::uint32_t* word, std::uint32_t expected,
                       const Deadline& deadline) {
  const int saved_errno = errno;
  timespec limit{};
  bool is_limited = !deadline.is_never();
  if (is_limited) limit = deadline.to_timespec();
  if (sleeps_are_bounded()) {
    const timespec bound = Deadline::after(bound_).to_timespec();
    if (!is_limited || is_earlier(bound, limit)) limit = bound;
    is_limited = true;
    bound_ = std::min(2 * bound_, kLongestSleep);
  }
  const long result = ::syscall(SYS_futex, word, FUTEX_WAIT_BITSET, expected,
                                is_limited ? &limit : nullptr, nullptr, FUTEX_BITSET_MATCH_ANY);
  const int error = result == 0 ? 0 : errno;
  errno = saved_errno;
  if (error == 0 || error == EAGAIN || error == EINTR || error == ETIMEDOUT) return;
  fprintf(stderr, "weft: futex wait failed with errno %d; this is an error of the library\n",
          error);
  abort();
}

}  // namespace weft::internal
