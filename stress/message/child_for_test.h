// A child process for tests: a fork that runs a function and ends by it.
//
// Thread safety: by the test's thread.
// Invariant: no process is left when its Child is gone.
#pragma once

#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <exception>
#include <stdexcept>
#include <utility>

namespace weft::testing_message {

// Ends the child with an error that its Child's join() sees.
inline void demand(bool holds, const char* what) {
  if (!holds) throw std::runtime_error(what);
}

class Child {
 public:
  template <class F>
  explicit Child(F&& function) {
    ::fflush(nullptr);
    pid_ = ::fork();
    if (pid_ < 0) throw std::runtime_error("fork failed");
    if (pid_ != 0) return;
    int code = 0;
    try {
      std::forward<F>(function)();
    } catch (const std::exception& error) {
      ::fprintf(stderr, "in a child: %s\n", error.what());
      code = 1;
    }
    ::fflush(nullptr);
    ::_exit(code);
  }
  ~Child() {
    if (pid_ > 0) {
      kill();
      (void)join();
    }
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  void kill() { ::kill(pid_, SIGKILL); }
  // 0 if it ended well, -N if signal N ended it.
  int join() {
    siginfo_t info{};
    while (::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED) != 0 && errno == EINTR) {
    }
    pid_ = -1;
    return info.si_code == CLD_EXITED ? info.si_status : -info.si_status;
  }
  pid_t pid() const { return pid_; }

 private:
  pid_t pid_;
};

}  // namespace weft::testing_message
