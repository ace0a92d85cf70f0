#include "primitives/process/life_line.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <iterator>

#include "primitives/process/subprocess_errors.h"

namespace weft::internal {

LifeLine LifeLine::make() {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
    throw StartError(errno, std::generic_category(), "socketpair");
  }
  LifeLine line{.parents = Descriptor(ends[0]),
                .childs = Descriptor(ends[1]),
                .go = Descriptor(::eventfd(0, EFD_CLOEXEC))};
  if (!line.go) throw StartError(errno, std::generic_category(), "eventfd");
  return line;
}

bool LifeLine::let_go() const {
  const std::uint64_t one = 1;
  ssize_t written = 0;
  do {
    written = ::write(go.get(), &one, sizeof one);
  } while (written < 0 && errno == EINTR);
  return written == sizeof one;
}

std::optional<int> LifeLine::last_word() const {
  unsigned char code = 0;
  if (::recv(parents.get(), &code, 1, MSG_DONTWAIT) != 1) return {};
  return code;
}

bool LifeLine::may_go() const {
  pollfd watched[] = {{.fd = go.get(), .events = POLLIN, .revents = 0},
                      {.fd = childs.get(), .events = POLLIN, .revents = 0}};
  while (::poll(watched, std::size(watched), -1) < 0) {
    if (errno != EINTR) return false;
  }
  return watched[0].revents == POLLIN;
}

bool LifeLine::die_with_parent() const {
  const int fd = childs.get();
  if (::fcntl(fd, F_SETSIG, SIGKILL) != 0 || ::fcntl(fd, F_SETOWN, ::getpid()) != 0 ||
      ::fcntl(fd, F_SETFL, O_RDWR | O_ASYNC) != 0) {
    return false;
  }
  // The parent may have ended before the kernel was asked.
  char byte;
  if (::recv(fd, &byte, 1, MSG_DONTWAIT | MSG_PEEK) == 0) (void)::kill(::getpid(), SIGKILL);
  return true;
}

void LifeLine::say_last_word(int exit_code) const {
  const auto code = static_cast<unsigned char>(exit_code);
  (void)::send(childs.get(), &code, 1, MSG_NOSIGNAL | MSG_DONTWAIT);
}

}  // namespace weft::internal
