// A subclass whose run() calls start() of itself, to go round once more: a process starts once.
#include <cstdio>

#include "primitives/process/process.h"
#include "scenarios/specimens/judge.h"
#include "scenarios/specimens/process/process.h"

namespace weft::scenarios::specimens::process {
namespace {

template <bool kRestarts>
class Rounds : public ipc::Process {
 public:
  void run() override {
    // What the failure says is of no interest here.
    (void)std::freopen("/dev/null", "w", stderr);
    for (int round = 0; round < 2; ++round) {
      if (kRestarts) start();
    }
  }
};

template <bool kRestarts>
std::string go_round_twice() {
  Rounds<kRestarts> process;
  process.start();
  process.join();
  return unless_equal("exit code", process.exitcode().value(), 0);
}

}  // namespace

constinit const Specimen kStartedFromRun{
    .row = "003-4",
    .name = "process/started_from_run",
    .mistake = "run() starts its own process again",
    .kind = kind::kAssertion,
    .body = go_round_twice<true>,
    .mended = go_round_twice<false>,
    .starts_processes = true,
};

}  // namespace weft::scenarios::specimens::process
