#include "primitives/process/life_line.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

#include "primitives/process/subprocess_errors.h"

namespace weft::internal {

LifeLine LifeLine::make() {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
    throw StartError(errno, std::generic_category(), "socketpair");
  }
  return {.parents = Descriptor(ends[0]), .childs = Descriptor(ends[1])};
}

bool LifeLine::let_go() const {
  ssize_t sent = 0;
  do {
    sent = ::send(parents.get(), "", 1, MSG_NOSIGNAL);
  } while (sent < 0 && errno == EINTR);
  // In vain if somebody has killed the child already.
  return sent == 1 || errno == EPIPE || errno == ECONNRESET;
}

std::optional<int> LifeLine::last_word() const {
  unsigned char code = 0;
  if (::recv(parents.get(), &code, 1, MSG_DONTWAIT) != 1) return {};
  return code;
}

bool LifeLine::may_go() const {
  char go = 0;
  ssize_t got = 0;
  do {
    got = ::recv(childs.get(), &go, 1, 0);
  } while (got < 0 && errno == EINTR);
  return got == 1;
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
