// Four processes wait for tasks, and nobody will ever tell them that there are none.
#include <signal.h>

#include <memory>
#include <vector>

#include "primitives/process_pool/process_pool.h"
#include "scenarios/specimens/judge.h"
#include "scenarios/specimens/process_pool/process_pool.h"

namespace weft::scenarios::specimens::process_pool {
namespace {

template <bool kCloses>
std::string use() {
  auto pool = std::make_unique<ipc::Pool>(4);
  const std::vector<pid_t> pids = pool->pids();
  (void)pool->apply([](int a) { return a + a; }, 4);
  if (kCloses) {
    pool->close();
    pool->join();
  }
  long left = 0;
  for (const pid_t pid : pids) left += ::kill(pid, 0) == 0 ? 1 : 0;
  return unless_equal("number of processes left", left, 0);
}

}  // namespace

constinit const Specimen kNeverClosed{
    .row = "000-7",
    .name = "process_pool/never_closed",
    .mistake = "the pool is used, and never closed",
    .kind = kind::kAssertion,
    .body = use<false>,
    .mended = use<true>,
    .starts_processes = true,
};

}  // namespace weft::scenarios::specimens::process_pool
