// A process that is killed says nothing; its exit code does, by the signal's number.
#include <signal.h>

#include "primitives/ipc/value.h"
#include "primitives/process/process.h"
#include "scenarios/specimens/judge.h"
#include "scenarios/specimens/process/process.h"

namespace weft::scenarios::specimens::process {
namespace {

constexpr int kParts = 4;

void work(int& done, bool is_killed) {
  for (int part = 0; part < kParts; ++part) {
    if (is_killed && part == kParts / 2) (void)::raise(SIGKILL);
    ++done;
  }
}

template <bool kLooks>
std::string work_in_a_process() {
  ipc::RawValue<int> done;
  for (bool is_killed : {true, false}) {
    done.store(0);
    ipc::Process process([&] { work(done.reference(), is_killed); });
    process.start();
    process.join();
    if (!kLooks || process.exitcode() != -SIGKILL) break;
  }
  return unless_equal("number of parts that are done", done.load(), kParts);
}

}  // namespace

constinit const Specimen kKillUnnoticed{
    .row = "000-4",
    .name = "process/kill_unnoticed",
    .mistake = "the process was killed, and nobody looks at its exit code",
    .kind = kind::kAssertion,
    .body = work_in_a_process<false>,
    .mended = work_in_a_process<true>,
    .starts_processes = true,
};

}  // namespace weft::scenarios::specimens::process
