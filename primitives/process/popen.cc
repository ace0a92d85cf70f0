#include "primitives/process/popen.h"

#include <poll.h>
#include <sys/wait.h>

#include <cerrno>
#include <mutex>
#include <system_error>

#include "primitives/process/pidfd.h"
#include "primitives/process/poll_timeout.h"

namespace weft {
namespace {

int returncode_of(const siginfo_t& info) {
  return info.si_code == CLD_EXITED ? info.si_status : -info.si_status;
}

}  // namespace

Popen::Popen(Arguments args, const StartOptions& options)
    : Popen(args, options.new_group, internal::spawn(args, options)) {}

Popen::Popen(Arguments args, bool has_group, internal::Spawned spawned)
    : args_(std::move(args)),
      has_group_(has_group),
      pid_(spawned.pid),
      pidfd_(std::move(spawned.pidfd)),
      exchange_(std::move(spawned.ends[0]), std::move(spawned.ends[1]),
                std::move(spawned.ends[2])) {
  if (!pidfd_) returncode_ = 0;
}

Popen::~Popen() {
  close_in();
  exchange_.out_end().reset();
  exchange_.err_end().reset();
  (void)wait();
}

std::optional<int> Popen::reap() {
  std::scoped_lock hold(lock_);
  if (returncode_) return returncode_;
  siginfo_t info{};
  int result = 0;
  do {
    result = ::waitid(P_PIDFD, static_cast<id_t>(pidfd_.get()), &info, WEXITED | WNOHANG);
  } while (result != 0 && errno == EINTR);
  if (result != 0) {
    // Somebody else has waited for all children, or the kernel did.
    if (errno == ECHILD) return returncode_ = 0;
    throw std::system_error(errno, std::generic_category(), "waitid");
  }
  if (info.si_pid == 0) return {};
  return returncode_ = returncode_of(info);
}

std::optional<int> Popen::wait_until(const Deadline& deadline) {
  for (;;) {
    if (const auto returncode = reap()) return returncode;
    if (deadline.has_passed()) return {};
    pollfd wait{.fd = pidfd_.get(), .events = POLLIN, .revents = 0};
    if (::poll(&wait, 1, internal::poll_timeout(deadline)) < 0 && errno != EINTR) {
      throw std::system_error(errno, std::generic_category(), "poll");
    }
  }
}

std::optional<int> Popen::poll() { return reap(); }

int Popen::wait() { return *wait_until(Deadline::never()); }

int Popen::in_time(const Deadline& deadline) {
  if (const auto returncode = wait_until(deadline)) return *returncode;
  throw TimeoutExpired(args_, {}, {});
}

Popen::Outputs Popen::communicate(std::string input) {
  return communicate_until(Deadline::never(), std::move(input));
}

Popen::Outputs Popen::communicate_until(const Deadline& deadline, std::string input) {
  if (!input.empty()) {
    if (has_input_) throw ValueError("Popen::communicate: it was given its input before");
    if (!exchange_.in_end()) throw ValueError("Popen::communicate: no pipe to send the input to");
    exchange_.send(std::move(input));
  }
  has_input_ = true;
  switch (exchange_.run(deadline)) {
    case internal::Exchange::Result::kTooLong:
      throw OutputTooLong(args_, exchange_.out(), exchange_.err());
    case internal::Exchange::Result::kDeadline:
      throw TimeoutExpired(args_, exchange_.out(), exchange_.err());
    case internal::Exchange::Result::kAll:
      break;
  }
  if (!wait_until(deadline)) throw TimeoutExpired(args_, exchange_.out(), exchange_.err());
  return {exchange_.take_out(), exchange_.take_err()};
}

Popen::Outputs Popen::read_so_far() {
  exchange_.drain();
  return {exchange_.out(), exchange_.err()};
}

void Popen::send_signal(int signal) {
  std::scoped_lock hold(lock_);
  if (returncode_) return;
  // ESRCH: it has ended, and nobody has waited for it yet.
  if (internal::pidfd_send_signal(pidfd_.get(), signal) != 0 && errno != ESRCH) {
    throw std::system_error(errno, std::generic_category(), "pidfd_send_signal");
  }
}

void Popen::kill_group() {
  if (!has_group_) throw ValueError("Popen::kill_group: it was started without new_group");
  std::scoped_lock hold(lock_);
  // Until it is waited for, its number is no other group's.
  if (!returncode_) (void)::kill(-pid_, SIGKILL);
}

}  // namespace weft
