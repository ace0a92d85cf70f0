// A process dies. Whoever waits for the task that it had is told; those whose tasks came behind it
// wait for ever.
#include <signal.h>

#include <array>
#include <exception>
#include <utility>

#include "primitives/message/connection.h"
#include "primitives/pool/future.h"
#include "primitives/process/process.h"
#include "primitives/process_pool/pool_errors.h"
#include "scenarios/specimens/judge.h"
#include "scenarios/specimens/process_pool/process_pool.h"

namespace weft::scenarios::specimens::process_pool {
namespace {

using Promises = std::array<Promise<int>, 3>;

void tell_the_first(Promises& promises, const std::exception_ptr& error) {
  promises[0].set_exception(error);
}
void tell_all(Promises& promises, const std::exception_ptr& error) {
  for (auto& promise : promises) promise.set_exception(error);
}

template <void (*kTell)(Promises&, const std::exception_ptr&)>
std::string lose_a_process() {
  Promises promises;
  auto [here, there] = ipc::pipe();
  ipc::Process worker({.daemon = true}, [] { (void)::raise(SIGKILL); });
  worker.start();
  there.close();
  try {
    (void)here.recv<int>();
  } catch (const ipc::EndOfFile&) {
    kTell(promises, std::make_exception_ptr(ipc::BrokenProcessPool("a process has died")));
  }
  worker.join();
  long told = 0;
  for (const auto& promise : promises) told += promise.future().exception() != nullptr ? 1 : 0;
  return unless_equal("number of those who were told", told, 3);
}

}  // namespace

constinit const Specimen kOthersForgotten{
    .row = "004-5",
    .name = "process_pool/others_forgotten",
    .mistake = "a process dies, and only the future of its own task fails",
    .kind = kind::kHang,
    .body = lose_a_process<tell_the_first>,
    .mended = lose_a_process<tell_all>,
    .starts_processes = true,
};

}  // namespace weft::scenarios::specimens::process_pool
