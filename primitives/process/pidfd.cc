#include "primitives/process/pidfd.h"

#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "primitives/process/wait.h"

namespace weft::internal {

int pidfd_open(pid_t pid) { return static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)); }

std::optional<ChildEnd> reap(int pidfd) {
  siginfo_t info{};
  int result = 0;
  do {
    result = ::waitid(P_PIDFD, static_cast<id_t>(pidfd), &info, WEXITED | WNOHANG);
  } while (result != 0 && errno == EINTR);
  if (result != 0) {
    if (errno == ECHILD) return ChildEnd{};
    throw std::system_error(errno, std::generic_category(), "waitid");
  }
  if (info.si_pid == 0) return {};  // it runs
  return ChildEnd{.code = info.si_code == CLD_EXITED ? info.si_status : -info.si_status};
}

void await_end(int pidfd, const Deadline& deadline) {
  if (!deadline.is_never()) {
    (void)ipc::wait_until({pidfd}, deadline);
    return;
  }
  siginfo_t info{};
  while (::waitid(P_PIDFD, static_cast<id_t>(pidfd), &info, WEXITED | WNOWAIT) != 0 &&
         errno == EINTR) {
  }
}

void send_signal_to(int pidfd, int signal) {
  // ESRCH: it has ended, and nobody has looked yet.
  if (::syscall(SYS_pidfd_send_signal, pidfd, signal, nullptr, 0) != 0 && errno != ESRCH) {
    throw std::system_error(errno, std::generic_category(), "pidfd_send_signal");
  }
}

}  // namespace weft::internal
