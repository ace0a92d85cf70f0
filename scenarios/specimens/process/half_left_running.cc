// There was no process for the third philosopher, so dinner is off; nobody tells the first two.
#include <unistd.h>

#include <deque>

#include "primitives/process/process.h"
#include "scenarios/process/few_processes.h"
#include "scenarios/specimens/judge.h"
#include "scenarios/specimens/process/process.h"

namespace weft::scenarios::specimens::process {
namespace {

constexpr int kPhilosophers = 5;
constexpr int kProcesses = 2;  // that the system has to give

template <bool kTells>
std::string call_dinner_off() {
  const FewProcesses few(kProcesses);
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
