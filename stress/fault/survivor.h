// A process that lives through the kills and has to get on: it runs a function, and its end is
// waited for with a limit.
//
// Thread safety: by one thread. Invariant: it is dead and waited for when the object has ended.
#pragma once

#include <errno.h>
#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <chrono>
#include <stdexcept>
#include <string>
#include <system_error>

#include "stress/ipc/child.h"

namespace weft::fault {

class Survivor {
 public:
  template <class F>
  explicit Survivor(const F& function) : child_(function) {
    pidfd_ = static_cast<int>(::syscall(SYS_pidfd_open, child_.pid(), 0));
    if (pidfd_ < 0) throw std::system_error(errno, std::system_category(), "pidfd_open");
  }
  ~Survivor() { (void)::close(pidfd_); }
  Survivor(const Survivor&) = delete;
  Survivor& operator=(const Survivor&) = delete;

  pid_t pid() const { return child_.pid(); }

  // Whether it ends within `limit`. Throws std::runtime_error if it ends in another way than by a
  // function that returns 0.
  bool ends_within(std::chrono::milliseconds limit) {
    pollfd ended{pidfd_, POLLIN, 0};
    if (::poll(&ended, 1, static_cast<int>(limit.count())) != 1) return false;
    if (const int code = has_ended_ ? 0 : child_.wait(); code != 0) {
      throw std::runtime_error("a survivor ended with " + std::to_string(code));
    }
    has_ended_ = true;
    return true;
  }

 private:
  testing_ipc::Child child_;
  int pidfd_ = -1;
  bool has_ended_ = false;
};

}  // namespace weft::fault
