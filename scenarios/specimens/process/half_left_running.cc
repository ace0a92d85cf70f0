// There was no process for the third philosopher, so dinner is off; nobody tells the first two.
#include <unistd.h>

#include <cerrno>
#include <deque>

#include "primitives/process/fork.h"
#include "primitives/process/process.h"
#include "scenarios/specimens/judge.h"
#include "scenarios/specimens/process/process.h"

namespace weft::scenarios::specimens::process {
namespace {

constexpr int kPhilosophers = 5;
constexpr int kProcesses = 2;  // that the system has to give

thread_local int processes_left = 0;

pid_t fork_while_there_are() {
  if (processes_left-- > 0) return ::fork();
  errno = EAGAIN;
  return -1;
}

template <bool kTells>
std::string call_dinner_off() {
  processes_left = kProcesses;
  internal::fork_function = fork_while_there_are;
  std::deque<ipc::Process> philosophers;
  try {
    for (int i = 0; i < kPhilosophers; ++i) {
      philosophers.emplace_back(ipc::Process::Options{.daemon = true}, [] {
        for (;;) ::pause();
      });
      philosophers.back().start();
    }
  } catch (const StartError&) {
    for (ipc::Process& philosopher : philosophers) {
      if (!kTells || philosopher.pid() == 0) continue;
      philosopher.kill();
      philosopher.join();
    }
  }
  internal::fork_function = ::fork;
  long left = 0;
  for (ipc::Process& philosopher : philosophers) {
    if (!philosopher.is_alive()) continue;
    ++left;
    philosopher.kill();
    philosopher.join();
  }
  return unless_equal("number of philosophers left", left, 0);
}

}  // namespace

constinit const Specimen kHalfLeftRunning{
    .row = "003-1b",
    .name = "process/half_left_running",
    .mistake = "a start fails, and the philosophers before it are left to run",
    .kind = kind::kAssertion,
    .body = call_dinner_off<false>,
    .mended = call_dinner_off<true>,
    .starts_processes = true,
};

}  // namespace weft::scenarios::specimens::process
