// A process whose work fails half-way ends with 1; the caller who does not ask takes half for all.
#include <cstdio>
#include <stdexcept>

#include "primitives/ipc/value.h"
#include "primitives/process/process.h"
#include "scenarios/specimens/judge.h"
#include "scenarios/specimens/process/process.h"

namespace weft::scenarios::specimens::process {
namespace {

constexpr int kParts = 4;

// Fails the first time.
void work(int& done, bool fails) {
  // What it says of that is of no interest here.
  (void)std::freopen("/dev/null", "w", stderr);
  for (int part = 0; part < kParts; ++part) {
    if (fails && part == kParts / 2) throw std::runtime_error("no more room");
    ++done;
  }
}

template <bool kLooks>
std::string work_in_a_process() {
  ipc::RawValue<int> done;
  for (bool fails : {true, false}) {
    done.store(0);
    ipc::Process process([&] { work(done.reference(), fails); });
    process.start();
    process.join();
    if (!kLooks || process.exitcode() == 0) break;
  }
  return unless_equal("number of parts that are done", done.load(), kParts);
}

}  // namespace

constinit const Specimen kExceptionIgnored{
    .row = "000-4",
    .name = "process/exception_ignored",
    .mistake = "an exception left the process, and nobody looks at its exit code",
    .kind = kind::kAssertion,
    .body = work_in_a_process<false>,
    .mended = work_in_a_process<true>,
    .starts_processes = true,
};

}  // namespace weft::scenarios::specimens::process
