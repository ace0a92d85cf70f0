#include "primitives/base/futex.h"

#include <errno.h>
#include <limits.h>
#include <linux/futex.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace weft::futex {
namespace {

void wake(const Word& word, int count) {
  // EFAULT is right for a word that is gone by now, and there is no other error to report.
  const int saved_errno = errno;
  syscall(SYS_futex, &word, FUTEX_WAKE_PRIVATE, count, nullptr, nullptr, 0);
  errno = saved_errno;
}

}  // namespace

bool wait(const Word& word, std::uint32_t expected, const Deadline& deadline) {
  const int saved_errno = errno;
  timespec limit{};
  timespec* limit_or_none = nullptr;
  if (!deadline.is_never()) {
    limit = deadline.to_timespec();
    limit_or_none = &limit;
  }
  // FUTEX_WAIT_BITSET takes an absolute time of the monotonic clock; FUTEX_WAIT a relative one.
  const long result = syscall(SYS_futex, &word, FUTEX_WAIT_BITSET_PRIVATE, expected, limit_or_none,
                              nullptr, FUTEX_BITSET_MATCH_ANY);
  const int error = result == 0 ? 0 : errno;
  errno = saved_errno;
  switch (error) {
    case 0:
    case EAGAIN:
    case EINTR:
      return true;
    case ETIMEDOUT:
      return false;
    default:
      fprintf(stderr, "weft: futex wait failed with errno %d; this is an error of the library\n",
              error);
      abort();
  }
}

void wake_one(const Word& word) { wake(word, 1); }
void wake_all(const Word& word) { wake(word, INT_MAX); }

}  // namespace weft::futex
