// A process that lives through the kills and has to get on: it runs a function, and its end is
// waited for with a limit.
//
// Thread safety: by one thread. Invariant: it is dead and waited for when the object has ended.
#pragma once

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <system_error>

namespace weft::fault {

class Survivor {
 public:
  template <class F>
  explicit Survivor(const F& function) {
    std::fflush(nullptr);
    pid_ = ::fork();
    if (pid_ < 0) throw std::system_error(errno, std::system_category(), "fork");
    if (pid_ == 0) {
      int code = 99;
      try {
        code = function();
      } catch (...) {
      }
      ::_exit(code);
    }
    pidfd_ = static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0));
    if (pidfd_ < 0) throw std::system_error(errno, std::system_category(), "pidfd_open");
  }
  ~Survivor() {
    (void)::kill(pid_, SIGKILL);
    while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
    }
    (void)::close(pidfd_);
  }
  Survivor(const Survivor&) = delete;
  Survivor& operator=(const Survivor&) = delete;

  // Whether it ends within `limit`.
  bool ends_within(std::chrono::milliseconds limit) const {
    pollfd ended{pidfd_, POLLIN, 0};
    return ::poll(&ended, 1, static_cast<int>(limit.count())) == 1;
  }

 private:
  pid_t pid_ = -1;
  int pidfd_ = -1;
};

}  // namespace weft::fault
