// What the tests of forked processes have in common.
//
// Thread safety: by the test's thread and, in a child, by its only one; Shared and Channel by any.
#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <functional>
#include <optional>
#include <string>
#include <thread>

#include "primitives/ipc/shared_object.h"
#include "primitives/process/process.h"
#include "stress/process/subprocess_for_test.h"

namespace weft::ipc {

// A value that all forks of this process see.
template <class T>
struct Shared : weft::internal::SharedObject<T> {
  Shared() : weft::internal::SharedObject<T>(weft::internal::SharedObject<T>::make()) {}
};

// Numbers from any fork to any fork, in order.
class Channel {
 public:
  Channel() {
    if (::pipe2(ends_, O_CLOEXEC) != 0) std::abort();
  }
  ~Channel() {
    ::close(ends_[0]);
    ::close(ends_[1]);
  }
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;

  void send(int number) const {
    if (::write(ends_[1], &number, sizeof number) != sizeof number) std::abort();
  }
  int reader() const { return ends_[0]; }
  // Waits for it.
  int receive() const {
    int number = 0;
    if (::read(ends_[0], &number, sizeof number) != sizeof number) std::abort();
    return number;
  }

 private:
  int ends_[2];
};

// Of a child: until a signal ends it. The test's own SIGTERM handler stays out of it.
[[noreturn]] inline void live_until_killed() {
  (void)::signal(SIGTERM, SIG_DFL);
  for (;;) ::pause();
}

// Of a child: what stands in for an expectation, which nobody would see there.
inline void require(bool holds) {
  if (!holds) ::_exit(99);
}

// How a process ended, of which this one has become the parent because its own has ended.
class Orphans {
 public:
  Orphans() { ::prctl(PR_SET_CHILD_SUBREAPER, 1); }
  ~Orphans() { ::prctl(PR_SET_CHILD_SUBREAPER, 0); }
  Orphans(const Orphans&) = delete;
  Orphans& operator=(const Orphans&) = delete;

  // Its exit code, or -N for signal N.
  static int wait_for(pid_t pid) {
    siginfo_t info{};
    if (::waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED) != 0) std::abort();
    return info.si_code == CLD_EXITED ? info.si_status : -info.si_status;
  }
};

// A fork with this number, if that is the next free one or one of the next. It answers `to`.
inline std::optional<pid_t> fork_up_to(pid_t wanted, const Channel& to, const Channel& from) {
  constexpr int kTries = 50;  // others take numbers, too
  for (int i = 0; i < kTries; ++i) {
    const pid_t pid = ::fork();
    while (pid == 0) from.send(to.receive());
    if (pid == wanted) return pid;
    ::kill(pid, SIGKILL);
    ::waitpid(pid, nullptr, 0);
    if (pid > wanted) break;
  }
  return {};
}

// A process with this number: at once where the kernel lets us choose, else when the numbers have
// come round, if they are few enough. Threads have theirs from the same row, and are cheaper.
inline std::optional<pid_t> fork_with_number(pid_t wanted, const Channel& to, const Channel& from) {
  for (int i = 0; i < 10; ++i) {
    std::ofstream last("/proc/sys/kernel/ns_last_pid");
    if (!(last << wanted - 1 << std::flush)) break;
    if (const auto pid = fork_up_to(wanted, to, from)) return pid;
  }
  int numbers = 0;
  std::ifstream("/proc/sys/kernel/pid_max") >> numbers;
  if (numbers > 100'000) return {};
  for (int i = 0; i < 10 * numbers; ++i) {
    pid_t last = 0;
    std::thread([&] { last = static_cast<pid_t>(::syscall(SYS_gettid)); }).join();
    if (last >= wanted || wanted - last > 40) continue;
    if (const auto pid = fork_up_to(wanted, to, from)) return pid;
  }
  return {};
}

template <class Error>
std::string message_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

class Processes : public Subprocess {};

}  // namespace weft::ipc
