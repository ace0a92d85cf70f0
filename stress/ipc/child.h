// A child process for tests of what processes share: fork() and a function, and nothing else, so
// that these tests judge the shared objects alone.
//
// Thread safety: by the thread that runs the test.
#pragma once

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <exception>
#include <system_error>
#include <thread>

namespace weft::testing_ipc {

// What a child ends with if an exception leaves its function.
inline constexpr int kThrew = 98;

class Child {
 public:
  // Runs `function()` in a new process, which ends with what that returns.
  template <class F>
  explicit Child(F function) {
    std::fflush(nullptr);
    pid_ = ::fork();
    if (pid_ < 0) throw std::system_error(errno, std::system_category(), "fork");
    if (pid_ != 0) return;
    int code = kThrew;
    try {
      code = function();
    } catch (const std::exception& error) {
      std::fprintf(stderr, "in the child: %s\n", error.what());
    } catch (...) {
    }
    ::_exit(code);
  }
  ~Child() {
    if (pid_ <= 0) return;
    kill();
    (void)wait();
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  pid_t pid() const { return pid_; }
  void kill() const { (void)::kill(pid_, SIGKILL); }
  // Its exit code, or -N if signal N killed it.
  int wait() {
    int status = 0;
    while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    pid_ = -1;
    return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
  }
  // Dead, but not waited for: a zombie.
  void kill_and_leave() const {
    kill();
    siginfo_t info;
    while (::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOWAIT) < 0 &&
           errno == EINTR) {
    }
  }

 private:
  pid_t pid_ = -1;
};

// False if `is_so()` has not become true after many seconds.
template <class F>
bool comes_true(const F& is_so) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (!is_so()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::yield();
  }
  return true;
}

template <class F>
double seconds_of(const F& f) {
  const auto start = std::chrono::steady_clock::now();
  f();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace weft::testing_ipc
