// The result is read when the manager has ended, and with it all that it held.
#include <string>

#include "primitives/manager/manager.h"
#include "primitives/process/process.h"
#include "scenarios/specimens/judge.h"
#include "scenarios/specimens/manager/manager.h"

namespace weft::scenarios::specimens::manager {
namespace {

template <bool kEndFirst>
std::string read() {
  ipc::Manager manager;
  manager.start();
  const auto sum = manager.value(0);
  ipc::Process process([&] { sum.set(2 + 2); });
  process.start();
  process.join();
  if (kEndFirst) manager.shutdown();
  return unless_equal("sum", sum.get(), 4);
}

}  // namespace

constinit const Specimen kShutDownFirst{
    .row = "002-3",
    .name = "manager/shut_down_first",
    .mistake = "a value is read after its manager was shut down",
    .kind = kind::kException,
    .body = read<true>,
    .mended = read<false>,
    .starts_processes = true,
};

}  // namespace weft::scenarios::specimens::manager
