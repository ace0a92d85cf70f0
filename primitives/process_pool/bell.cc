#include "primitives/process_pool/bell.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace weft::internal {

Bell::Bell(Word& about_to_sleep)
    : about_to_sleep_(about_to_sleep), event_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (!event_) throw std::system_error(errno, std::system_category(), "eventfd");
}

void Bell::wake() {
  // One wakes it, if several ring.
  if (about_to_sleep_.exchange(0) == 0) return;
  const std::uint64_t one = 1;
  // It cannot be full: every write is answered.
  while (::write(event_.get(), &one, sizeof one) < 0 && errno == EINTR) {
  }
}

void Bell::await_ring() {
  pollfd rung{.fd = event_.get(), .events = POLLIN, .revents = 0};
  while (::poll(&rung, 1, -1) < 0 && errno == EINTR) {
  }
  answer();
}

void Bell::answer() {
  std::uint64_t count = 0;
  while (::read(event_.get(), &count, sizeof count) < 0 && errno == EINTR) {
  }
  wake_up();
}

}  // namespace weft::internal
