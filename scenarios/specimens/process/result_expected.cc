// A process adds two numbers into a variable, and its parent reads that variable.
#include "primitives/ipc/value.h"
#include "primitives/process/process.h"
#include "scenarios/specimens/judge.h"
#include "scenarios/specimens/process/process.h"

namespace weft::scenarios::specimens::process {
namespace {

struct InOwnMemory {
  int& reference() { return value; }
  int value = 0;
};

template <class Sum>
std::string add() {
  Sum sum;
  ipc::Process process([&](int x, int y) { sum.reference() = x + y; }, 2, 2);
  process.start();
  process.join();
  return unless_equal("sum", sum.reference(), 4);
}

}  // namespace

constinit const Specimen kResultExpected{
    .row = "000-4",
    .name = "process/result_expected",
    .mistake = "the sum is read from a variable that the process has set in its own memory",
    .kind = kind::kAssertion,
    .body = add<InOwnMemory>,
    .mended = add<ipc::RawValue<int>>,
    .starts_processes = true,
};

}  // namespace weft::scenarios::specimens::process
