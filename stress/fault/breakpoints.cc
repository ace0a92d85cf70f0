#include "stress/fault/breakpoints.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include <system_error>

#include "stress/fault/symbols.h"

namespace weft::fault {
namespace {

#if !defined(__x86_64__)
#error "what stops a process, and where its stack is, is known for x86-64 alone"
#endif

constexpr std::uint8_t kStop = 0xCC;  // int3, after which the address is one more

[[noreturn]] void fail(const char* what) {
  throw std::system_error(errno, std::system_category(), what);
}

// False if the thread is dead.
bool get_registers(pid_t thread, user_regs_struct& registers) {
  return ::ptrace(PTRACE_GETREGS, thread, nullptr, &registers) == 0;
}

}  // namespace

Breakpoints::Breakpoints(pid_t pid, const std::vector<std::string>& functions, At at) {
  const std::string file = "/proc/" + std::to_string(pid) + "/mem";
  std::vector<std::uintptr_t> entries;
  for (const std::string& function : functions) {
    for (const std::uintptr_t address : addresses_of(function)) entries.push_back(address);
  }
  memory_ = ::open(file.c_str(), O_RDWR | O_CLOEXEC);
  if (memory_ < 0) fail("open the memory of a process");
  for (const std::uintptr_t entry : entries) set(entry, at == At::kEntry);
}

Breakpoints::~Breakpoints() { (void)::close(memory_); }

std::uint8_t Breakpoints::byte_at(std::uintptr_t address) const {
  std::uint8_t byte;
  if (::pread(memory_, &byte, 1, static_cast<off_t>(address)) != 1) fail("read a process's code");
  return byte;
}

void Breakpoints::write(std::uintptr_t address, std::uint8_t byte) const {
  // Nothing is written once it is dead.
  if (::pwrite(memory_, &byte, 1, static_cast<off_t>(address)) < 0 && errno != ESRCH) {
    fail("write a process's code");
  }
}

void Breakpoints::set(std::uintptr_t address, bool is_point) {
  const auto found = places_.find(address);
  if (found != places_.end()) {
    found->second.is_point |= is_point;
    return;
  }
  places_.emplace(address, Place{.byte = byte_at(address), .is_point = is_point});
  write(address, kStop);
}

Breakpoints::Stop Breakpoints::stop_of(pid_t thread) {
  user_regs_struct registers;
  if (!get_registers(thread, registers)) return Stop::kNone;
  const auto found = places_.find(registers.rip - 1);
  if (found == places_.end()) return Stop::kNone;
  if (found->second.is_point) return Stop::kPoint;
  // At an entry what the stack begins with is where it returns to.
  std::uintptr_t back = 0;
  if (::pread(memory_, &back, sizeof back, static_cast<off_t>(registers.rsp)) == sizeof back) {
    set(back, true);
  }
  return Stop::kPassing;
}

void Breakpoints::pass(pid_t thread) {
  user_regs_struct registers;
  if (!get_registers(thread, registers)) return;
  const auto& [address, place] = *places_.find(registers.rip - 1);
  registers.rip = address;
  write(address, place.byte);
  if (::ptrace(PTRACE_SETREGS, thread, nullptr, &registers) == 0 &&
      ::ptrace(PTRACE_SINGLESTEP, thread, nullptr, nullptr) == 0) {
    int status = 0;
    while (::waitpid(thread, &status, __WALL) < 0 && errno == EINTR) {
    }
  }
  write(address, kStop);
}

}  // namespace weft::fault
