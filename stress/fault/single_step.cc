#include "stress/fault/single_step.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <string>
#include <system_error>

namespace weft::fault {
namespace {

constexpr int kThrew = 97;

// The two ends of the operation are this signal to itself, which stops it, as its tracer is told.
void stop_here() { (void)::syscall(SYS_tgkill, ::getpid(), ::syscall(SYS_gettid), SIGSTOP); }

int status_of(pid_t pid) {
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0) {
    if (errno != EINTR) throw std::system_error(errno, std::system_category(), "waitpid");
  }
  return status;
}

}  // namespace

SingleStep::SingleStep(const std::function<void()>& prepare,
                       const std::function<void()>& operation) {
  std::fflush(nullptr);
  pid_ = ::fork();
  if (pid_ < 0) throw std::system_error(errno, std::system_category(), "fork");
  if (pid_ == 0) {
    int code = 0;
    if (::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) != 0) ::_exit(kThrew);
    try {
      prepare();
      stop_here();
      operation();
    } catch (...) {
      code = kThrew;
    }
    stop_here();
    ::_exit(code);
  }
  const int status = status_of(pid_);
  if (WIFSTOPPED(status) && WSTOPSIG(status) == SIGSTOP) return;
  if (WIFEXITED(status) || WIFSIGNALED(status)) pid_ = -1;
  throw std::system_error(EPERM, std::system_category(), "the child cannot be driven (ptrace)");
}

SingleStep::~SingleStep() {
  if (pid_ <= 0) return;
  (void)::kill(pid_, SIGKILL);
  int status = 0;
  while (::waitpid(pid_, &status, 0) == pid_ && WIFSTOPPED(status)) {
  }
}

bool SingleStep::step() { return !is_over_after(PTRACE_SINGLESTEP); }

bool SingleStep::run_to(Breakpoints& points, std::size_t times) {
  while (!is_over_after(PTRACE_CONT)) {
    const Breakpoints::Stop stop = points.stop_of(pid_);
    if (stop == Breakpoints::Stop::kPoint && --times == 0) return true;
    if (stop != Breakpoints::Stop::kNone) points.pass(pid_);
  }
  return false;
}

void SingleStep::run() {
  while (!is_over_after(PTRACE_CONT)) {
  }
}

bool SingleStep::is_over_after(int request) {
  if (::ptrace(static_cast<__ptrace_request>(request), pid_, nullptr, nullptr) != 0) {
    throw std::system_error(errno, std::system_category(), "ptrace");
  }
  const int status = status_of(pid_);
  if (!WIFSTOPPED(status)) {
    pid_ = -1;
    throw std::system_error(ECHILD, std::system_category(),
                            "the child ended in its operation, status " + std::to_string(status));
  }
  return WSTOPSIG(status) == SIGSTOP;
}

void SingleStep::kill() {
  (void)::kill(pid_, SIGKILL);
  siginfo_t info;
  while (::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOWAIT) != 0 &&
         errno == EINTR) {
  }
}

void SingleStep::wait() {
  (void)status_of(pid_);
  pid_ = -1;
}

}  // namespace weft::fault
