#include "primitives/process_pool/process_pool_executor.h"

#include "primitives/base/errors.h"

namespace weft::ipc {
namespace {

ProcessPoolExecutor::Options with(std::size_t max_workers) {
  if (max_workers == 0) throw ValueError("ProcessPoolExecutor: it has at least one process");
  return {.max_workers = max_workers};
}

}  // namespace

ProcessPoolExecutor::ProcessPoolExecutor(std::size_t max_workers)
    : ProcessPoolExecutor(with(max_workers)) {}

ProcessPoolExecutor::ProcessPoolExecutor(Options options)
    : workers_({.workers = options.max_workers,
                .initializer = std::move(options.initializer),
                .most_tasks = options.max_tasks_per_child,
                .heals = options.on_death == OnDeath::kReplace,
                .retries = options.retries,
                .time_limit = options.task_timeout,
                .name = "executor"}) {}

void ProcessPoolExecutor::shutdown(Shutdown how) {
  workers_.close();
  if (how.cancel_futures) workers_.cancel_waiting();
  if (how.wait) workers_.join();
}

}  // namespace weft::ipc
