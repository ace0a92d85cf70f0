// At the end of its block the executor has ended, too.
#include <optional>

#include "primitives/process_pool/process_pool_executor.h"
#include "scenarios/specimens/judge.h"
#include "scenarios/specimens/process_pool/process_pool.h"

namespace weft::scenarios::specimens::process_pool {
namespace {

int square(int a) { return a * a; }

template <bool kInTime>
std::string submit() {
  ipc::ProcessPoolExecutor executor(2);
  std::optional<Future<int>> future;
  if (kInTime) future = executor.submit(square, 3);
  executor.shutdown();
  if (!kInTime) future = executor.submit(square, 3);
  return unless_equal("square", future->result(), 9);
}

}  // namespace

constinit const Specimen kSubmittedAfterTheBlock{
    .row = "004-5",
    .name = "process_pool/submitted_after_the_block",
    .mistake = "work is submitted after shutdown()",
    .kind = kind::kException,
    .body = submit<false>,
    .mended = submit<true>,
    .starts_processes = true,
};

}  // namespace weft::scenarios::specimens::process_pool
