#include "stress/fault/kill_while_busy.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <set>
#include <string>
#include <system_error>
#include <thread>

#include "stress/fault/breakpoints.h"
#include "stress/fault/symbols.h"
#include "stress/fault/system_call.h"

namespace weft::fault {

void allow_to_be_driven() { (void)::prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY); }

// In the process that drives.
class KillWhileBusy::Driver {
 public:
  Driver(State& state, pid_t pid, const Faults& faults)
      : state_(state), pid_(pid), faults_(faults) {}

  void run() {
    if (!seize_threads()) {
      state_.error = errno;
      return;
    }
    if (faults_.step == Step::kPoints) {
      points_.emplace(pid_, faults_.points, Breakpoints::At::kEntry);
    }
    state_.is_held = true;
    int status = 0;
    for (;;) {
      const pid_t thread = ::waitpid(-1, &status, __WALL);
      if (thread > 0 && WIFSTOPPED(status)) handle_stop(thread, status);
      if (thread < 0 && errno == ECHILD) return;  // each has ended, and was waited for
    }
  }

 private:
  // Also those that others make meanwhile; later ones are seized by the kernel. False and errno.
  bool seize_threads() {
    const std::string folder = "/proc/" + std::to_string(pid_) + "/task";
    std::set<pid_t> seized;
    for (bool found = true; found;) {
      found = false;
      for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        const pid_t thread = std::stoi(entry.path().filename());
        if (seized.contains(thread)) continue;
        constexpr long kOptions = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACECLONE | PTRACE_O_EXITKILL;
        if (::ptrace(PTRACE_SEIZE, thread, nullptr, kOptions) != 0) {
          // It has ended, or its maker was seized, and it with it.
          if (errno == ESRCH || (errno == EPERM && !seized.empty())) continue;
          return false;
        }
        (void)::ptrace(PTRACE_INTERRUPT, thread, nullptr, nullptr);
        seized.insert(thread);
        found = true;
      }
    }
    return true;
  }

  void handle_stop(pid_t thread, int status) {
    const int signal = WSTOPSIG(status);
    const bool is_call = signal == (SIGTRAP | 0x80);
    const bool is_event = status >> 16 != 0;
    const bool is_trap = signal == SIGTRAP && !is_event;
    const bool is_point =
        points_ && is_trap && points_->stop_of(thread) != Breakpoints::Stop::kNone;
    const bool is_step = points_ ? is_point : is_call || is_trap;
    if (is_step && (!faults_.failing_call || has_failed_) && ++made_ == faults_.steps) {
      state_.was_reached = true;
      (void)::kill(pid_, SIGKILL);
    }
    if (is_call && faults_.failing_call) fail_call_of(thread);
    if (is_point) points_->pass(thread);
    const auto how = faults_.step == Step::kSystemCalls ? PTRACE_SYSCALL
                     : points_                          ? PTRACE_CONT
                                                        : PTRACE_SINGLESTEP;
    const long delivered = is_step || is_event ? 0 : signal;
    (void)::ptrace(how, thread, nullptr, delivered);  // in vain once it is killed
  }

  // At the entry or the exit of a call.
  void fail_call_of(pid_t thread) {
    __ptrace_syscall_info info{};
    if (::ptrace(PTRACE_GET_SYSCALL_INFO, thread, sizeof info, &info) <= 0) return;  // it is dead
    if (info.op == PTRACE_SYSCALL_INFO_EXIT) {
      if (thread != failing_thread_) return;
      fail_at_exit(thread, state_.failed_with);
      failing_thread_ = 0;
      has_failed_ = true;
      return;
    }
    if (info.op != PTRACE_SYSCALL_INFO_ENTRY || state_.failed_with != 0) return;
    if (faults_.spares_first_thread && thread == pid_) return;
    const SystemCall call = call_at_entry(thread);
    const auto errors = errors_of(call);
    if (!faults_.failing_name.empty() && name_of(call) != faults_.failing_name) return;
    if (errors.empty() || failable_++ < *faults_.failing_call) return;
    state_.failed_call = call.number;
    state_.errors = errors.size();
    state_.failed_with = errors[std::min(faults_.error, errors.size() - 1)];
    failing_thread_ = thread;
    if (!is_made_though_failed(call)) skip_at_entry(thread);
  }

  State& state_;
  const pid_t pid_;
  const Faults faults_;
  std::optional<Breakpoints> points_;
  std::size_t made_ = 0;
  std::size_t failable_ = 0;
  pid_t failing_thread_ = 0;
  bool has_failed_ = false;
};

KillWhileBusy::KillWhileBusy(pid_t pid, const Faults& faults)
    : pidfd_(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0))) {
  if (pidfd_ < 0) throw std::system_error(errno, std::system_category(), "pidfd_open");
  // Here, so that not each driver reads the program's symbols anew.
  for (const std::string& function : faults.points) (void)addresses_of(function);
  driver_.emplace([&] {
    try {
      Driver(*state_, pid, faults).run();
    } catch (...) {
      state_->error = EIO;  // who made this waits for it to be said
      throw;
    }
    return 0;
  });
  while (!state_->is_held && state_->error == 0) std::this_thread::yield();
  if (state_->error == 0) return;
  (void)::close(pidfd_);
  throw std::system_error(state_->error, std::system_category(), "ptrace: it may not be driven");
}

KillWhileBusy::~KillWhileBusy() {
  if (driver_) (void)kill_now_and_wait();
  (void)::close(pidfd_);
}

bool KillWhileBusy::kill_now_and_wait() {
  // In vain if it is dead, and its number somebody else's.
  (void)::syscall(SYS_pidfd_send_signal, pidfd_, SIGKILL, nullptr, 0);
  (void)driver_->wait();
  driver_.reset();
  return state_->was_reached;
}

std::string KillWhileBusy::failure() const {
  if (state_->failed_with == 0) return "";
  return name_of({.number = state_->failed_call, .arguments = {}}) + " gives " +
         ::strerrorname_np(state_->failed_with);
}

}  // namespace weft::fault
