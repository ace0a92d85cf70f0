#include "primitives/message/poll.h"

#include <errno.h>
#include <time.h>

#include <system_error>

namespace weft::ipc::internal {
namespace {

timespec left_until(const timespec& when) {
  timespec now;
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  timespec left{.tv_sec = when.tv_sec - now.tv_sec, .tv_nsec = when.tv_nsec - now.tv_nsec};
  if (left.tv_nsec < 0) {
    --left.tv_sec;
    left.tv_nsec += 1'000'000'000;
  }
  return left.tv_sec < 0 ? timespec{} : left;
}

}  // namespace

int poll_until(std::span<pollfd> entries, const Deadline& deadline) {
  for (;;) {
    timespec left{};
    if (!deadline.is_never() && !deadline.has_passed()) left = left_until(deadline.to_timespec());
    const int ready = ::ppoll(entries.data(), static_cast<nfds_t>(entries.size()),
                              deadline.is_never() ? nullptr : &left, nullptr);
    if (ready > 0) return ready;
    if (ready < 0 && errno != EINTR) {
      throw std::system_error(errno, std::generic_category(), "poll");
    }
    if (!deadline.is_never() && deadline.has_passed()) return 0;
  }
}

}  // namespace weft::ipc::internal
