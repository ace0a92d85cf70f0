#include "stress/fault/system_call.h"

#include <errno.h>
#include <linux/futex.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/user.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <system_error>

namespace weft::fault {
namespace {

#if !defined(__x86_64__)
#error "which register holds a system call's result is known for x86-64 alone"
#endif

struct Known {
  long number;
  const char* name;
  std::array<int, 6> errors;  // up to the first 0
};

// That the other side is gone (EPIPE, ECONNRESET) is said where an operation can go on from there:
// else it is no failure of a call, but the other's end, which other tests bring about.
constexpr Known kKnown[] = {
    {SYS_read, "read", {EINTR, EAGAIN, EIO}},
    {SYS_write, "write", {EINTR, EAGAIN, ENOSPC}},
    {SYS_pread64, "pread", {EINTR, EIO}},
    {SYS_open, "open", {EINTR, EMFILE, ENFILE, ENOMEM, EACCES}},
    {SYS_openat, "openat", {EINTR, EMFILE, ENFILE, ENOMEM, EACCES}},
    {SYS_close, "close", {EINTR, EIO}},
    {SYS_getdents64, "getdents64", {ENOMEM}},
    {SYS_newfstatat, "newfstatat", {ENOMEM, EACCES}},
    {SYS_access, "access", {ENOMEM, EACCES}},
    {SYS_pipe2, "pipe2", {EMFILE, ENFILE}},
    {SYS_eventfd2, "eventfd2", {EMFILE, ENFILE, ENOMEM}},
    {SYS_epoll_create1, "epoll_create1", {EMFILE, ENFILE, ENOMEM}},
    {SYS_epoll_ctl, "epoll_ctl", {ENOMEM, ENOSPC}},
    {SYS_epoll_wait, "epoll_wait", {EINTR}},
    {SYS_memfd_create, "memfd_create", {EMFILE, ENFILE, ENOMEM}},
    {SYS_pidfd_open, "pidfd_open", {EMFILE, ENFILE, ENOMEM}},
    {SYS_pidfd_send_signal, "pidfd_send_signal", {EPERM}},
    {SYS_fcntl, "fcntl", {EMFILE, EPERM}},
    {SYS_ftruncate, "ftruncate", {EINTR, EFBIG, EPERM}},
    {SYS_fallocate, "fallocate", {EINTR, ENOSPC, EFBIG}},
    {SYS_linkat, "linkat", {ENOSPC, ENOMEM, EEXIST}},
    {SYS_mmap, "mmap", {ENOMEM, EAGAIN}},
    {SYS_mprotect, "mprotect", {ENOMEM}},
    {SYS_clone, "clone", {EAGAIN, ENOMEM}},
    {SYS_clone3, "clone3", {EAGAIN, ENOMEM}},
    {SYS_fork, "fork", {EAGAIN, ENOMEM}},
    {SYS_vfork, "vfork", {EAGAIN, ENOMEM}},
    {SYS_wait4, "wait4", {EINTR}},
    {SYS_waitid, "waitid", {EINTR}},
    {SYS_poll, "poll", {EINTR, ENOMEM}},
    {SYS_ppoll, "ppoll", {EINTR, ENOMEM}},
    {SYS_futex, "futex", {EINTR, EAGAIN}},
    {SYS_rt_sigtimedwait, "rt_sigtimedwait", {EINTR}},
    {SYS_socket, "socket", {EMFILE, ENFILE, ENOMEM, ENOBUFS}},
    {SYS_socketpair, "socketpair", {EMFILE, ENFILE, ENOMEM, ENOBUFS}},
    {SYS_bind, "bind", {EADDRINUSE, ENOMEM}},
    {SYS_listen, "listen", {EADDRINUSE}},
    {SYS_connect, "connect", {EINTR, EAGAIN, ENOMEM}},
    {SYS_accept4, "accept4", {EINTR, EMFILE, ENFILE, ENOMEM, ECONNABORTED}},
    {SYS_getsockopt, "getsockopt", {ENOBUFS}},
    {SYS_setsockopt, "setsockopt", {ENOBUFS}},
    {SYS_sendto, "sendto", {EINTR, EAGAIN, ENOBUFS, ENOMEM}},
    {SYS_sendmsg, "sendmsg", {EINTR, EAGAIN, EPIPE, ECONNRESET, ENOBUFS, ENOMEM}},
    {SYS_recvfrom, "recvfrom", {EINTR, EAGAIN, ECONNRESET, ENOMEM}},
    {SYS_recvmsg, "recvmsg", {EINTR, EAGAIN, ECONNRESET, ENOMEM}},
    {SYS_getrandom, "getrandom", {EINTR}},
};

const Known* known(long number) {
  const auto* const found = std::ranges::find(kKnown, number, &Known::number);
  return found == std::end(kKnown) ? nullptr : found;
}

// Only who sleeps by a futex is told of anything but success.
bool is_futex_without_sleep(const SystemCall& call) {
  const auto operation = static_cast<int>(call.arguments[1]) & FUTEX_CMD_MASK;
  return call.number == SYS_futex && operation != FUTEX_WAIT && operation != FUTEX_WAIT_BITSET;
}

// The number that an event descriptor is sent: it is never full.
bool is_event(const SystemCall& call) {
  return call.number == SYS_write && call.arguments[2] == sizeof(std::uint64_t);
}

user_regs_struct registers_of(pid_t thread) {
  user_regs_struct registers;
  if (::ptrace(PTRACE_GETREGS, thread, nullptr, &registers) != 0) {
    throw std::system_error(errno, std::system_category(), "ptrace: registers");
  }
  return registers;
}

void set_registers(pid_t thread, user_regs_struct& registers) {
  if (::ptrace(PTRACE_SETREGS, thread, nullptr, &registers) != 0) {
    throw std::system_error(errno, std::system_category(), "ptrace: registers");
  }
}

}  // namespace

SystemCall call_at_entry(pid_t thread) {
  const user_regs_struct r = registers_of(thread);
  return {.number = static_cast<long>(r.orig_rax),
          .arguments = {r.rdi, r.rsi, r.rdx, r.r10, r.r8, r.r9}};
}

std::span<const int> errors_of(const SystemCall& call) {
  const Known* const found = known(call.number);
  if (found == nullptr || is_futex_without_sleep(call)) return {};
  if (is_event(call)) return std::span(found->errors).first(1);  // EINTR
  return {found->errors.begin(), std::ranges::find(found->errors, 0)};
}

std::string name_of(const SystemCall& call) {
  const Known* const found = known(call.number);
  return found == nullptr ? "system call " + std::to_string(call.number) : found->name;
}

void skip_at_entry(pid_t thread) {
  user_regs_struct registers = registers_of(thread);
  registers.orig_rax = static_cast<decltype(registers.orig_rax)>(-1);
  set_registers(thread, registers);
}

void fail_at_exit(pid_t thread, int error) {
  user_regs_struct registers = registers_of(thread);
  registers.rax = static_cast<decltype(registers.rax)>(-static_cast<long>(error));
  set_registers(thread, registers);
}

bool is_made_though_failed(const SystemCall& call) { return call.number == SYS_close; }

bool is_transfer(const SystemCall& call) {
  return (call.number == SYS_read || call.number == SYS_write) && call.arguments[2] > 1;
}

unsigned long shorten_at_entry(pid_t thread, const SystemCall& call, unsigned long most) {
  user_regs_struct registers = registers_of(thread);
  registers.rdx = std::min<unsigned long>(registers.rdx, most);
  set_registers(thread, registers);
  return call.arguments[2];
}

void put_size_back(pid_t thread, unsigned long size) {
  user_regs_struct registers = registers_of(thread);
  registers.rdx = size;
  set_registers(thread, registers);
}

}  // namespace weft::fault
