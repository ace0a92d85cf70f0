#include "primitives/process/wait.h"

#include <poll.h>

#include <cerrno>
#include <string>
#include <system_error>

#include "primitives/base/errors.h"
#include "primitives/process/poll_timeout.h"

namespace weft::ipc {

std::vector<int> wait_until(const std::vector<int>& descriptors, const Deadline& deadline) {
  if (descriptors.empty() && deadline.is_never()) {
    throw ValueError("wait: for nothing and without end");
  }
  const auto refuse_closed = [](int fd) {
    throw ValueError("wait: descriptor " + std::to_string(fd) + " is not open");
  };
  std::vector<pollfd> polled;
  for (const int fd : descriptors) {
    if (fd < 0) refuse_closed(fd);  // poll() would pass over it without a word
    polled.push_back({.fd = fd, .events = POLLIN, .revents = 0});
  }
  for (;;) {
    const int count = ::poll(polled.data(), polled.size(), internal::poll_timeout(deadline));
    if (count < 0 && errno != EINTR) {
      throw std::system_error(errno, std::generic_category(), "poll");
    }
    std::vector<int> ready;
    for (const pollfd& each : polled) {
      if (count > 0 && (each.revents & POLLNVAL)) refuse_closed(each.fd);
      if (count > 0 && each.revents != 0) ready.push_back(each.fd);
    }
    // poll() counts in milliseconds, and at most so many days.
    if (!ready.empty() || (count == 0 && deadline.has_passed())) return ready;
  }
}

}  // namespace weft::ipc
