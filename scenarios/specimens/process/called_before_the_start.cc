// `Process(target=func(1))`: what the process gets is what the function returned.
#include <unistd.h>

#include <functional>

#include "primitives/ipc/value.h"
#include "primitives/process/process.h"
#include "scenarios/specimens/judge.h"
#include "scenarios/specimens/process/process.h"

namespace weft::scenarios::specimens::process {
namespace {

std::function<void()> record(pid_t* runner) {
  *runner = ::getpid();
  return [] {};
}

template <bool kCalls>
std::string run_elsewhere() {
  ipc::RawValue<pid_t> runner;
  ipc::Process process = [&] {
    if constexpr (kCalls) {
      return ipc::Process(record(&runner.reference()));
    } else {
      return ipc::Process(record, &runner.reference());
    }
  }();
  process.start();
  process.join();
  return unless(runner.load() == process.pid(), "the function ran in the parent");
}

}  // namespace

constinit const Specimen kCalledBeforeTheStart{
    .row = "001-1",
    .name = "process/called_before_the_start",
    .mistake = "the function is called where it was to be handed over, and runs in the parent",
    .kind = kind::kAssertion,
    .body = run_elsewhere<true>,
    .mended = run_elsewhere<false>,
    .starts_processes = true,
};

}  // namespace weft::scenarios::specimens::process
