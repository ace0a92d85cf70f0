#include "primitives/process/exchange.h"

#include <poll.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "primitives/process/poll_timeout.h"

namespace weft::internal {
namespace {

constexpr std::size_t kChunk = 65'536;  // what a pipe holds

}  // namespace

ssize_t write_without_signal(int fd, const char* data, std::size_t bytes) {
  sigset_t pipe_signal, before, pending;
  ::sigemptyset(&pipe_signal);
  ::sigaddset(&pipe_signal, SIGPIPE);
  ::sigpending(&pending);
  const bool was_pending = ::sigismember(&pending, SIGPIPE) == 1;
  ::pthread_sigmask(SIG_BLOCK, &pipe_signal, &before);
  const ssize_t written = ::write(fd, data, bytes);
  const int error = errno;
  if (written < 0 && error == EPIPE && !was_pending) {
    const timespec none{};
    while (::sigtimedwait(&pipe_signal, nullptr, &none) < 0 && errno == EINTR) {
    }
  }
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  errno = error;
  return written;
}

Exchange::Exchange(Descriptor in, Descriptor out, Descriptor err)
    : in_(std::move(in)), ends_{std::move(out), std::move(err)} {
  for (std::size_t which = 0; which < ends_.size(); ++which) {
    if (ends_[which]) held_[which].emplace();
  }
}

void Exchange::write_some() {
  const ssize_t written =
      write_without_signal(in_.get(), input_.data() + sent_, input_.size() - sent_);
  if (written >= 0) sent_ += static_cast<std::size_t>(written);
  // A program that does not read any more is no error.
  if (written < 0 && errno == EPIPE) in_.reset();
  if (written < 0 && errno != EPIPE && errno != EAGAIN && errno != EINTR) {
    throw std::system_error(errno, std::generic_category(), "write to a program");
  }
}

bool Exchange::read_some(std::size_t which) {
  std::string& held = *held_[which];
  // One more than may be held, so that too much is told from just enough.
  const std::size_t room = limit_ - std::min(limit_, held.size());
  const std::size_t wanted = room < kChunk ? room + 1 : kChunk;
  const std::size_t before = held.size();
  held.resize(before + wanted);
  const ssize_t got = ::read(ends_[which].get(), held.data() + before, wanted);
  const int error = errno;
  held.resize(before + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
  if (got == 0) ends_[which].reset();
  if (got < 0 && error != EAGAIN && error != EINTR) {
    throw std::system_error(error, std::generic_category(), "read from a program");
  }
  if (held.size() <= limit_) return true;
  held.resize(limit_);
  return false;
}

Exchange::Result Exchange::run(const Deadline& deadline) {
  for (;;) {
    if (in_ && sent_ == input_.size()) in_.reset();
    if (!in_ && !ends_[0] && !ends_[1]) return Result::kAll;
    // poll() passes over negative descriptors.
    pollfd waits[] = {{.fd = in_.get(), .events = POLLOUT, .revents = 0},
                      {.fd = ends_[0].get(), .events = POLLIN, .revents = 0},
                      {.fd = ends_[1].get(), .events = POLLIN, .revents = 0}};
    const int ready = ::poll(waits, std::size(waits), poll_timeout(deadline));
    if (ready < 0 && errno != EINTR) {
      throw std::system_error(errno, std::generic_category(), "poll");
    }
    if (ready > 0 && waits[0].revents != 0) write_some();
    for (std::size_t which = 0; which < ends_.size(); ++which) {
      if (ready > 0 && waits[which + 1].revents != 0 && !read_some(which)) {
        return Result::kTooLong;
      }
    }
    if (deadline.has_passed()) return Result::kDeadline;
  }
}

void Exchange::drain() {
  for (std::size_t which = 0; which < ends_.size(); ++which) {
    for (;;) {
      pollfd wait{.fd = ends_[which].get(), .events = POLLIN, .revents = 0};
      if (::poll(&wait, 1, 0) != 1 || wait.revents == 0 || !read_some(which)) break;
    }
  }
}

}  // namespace weft::internal
