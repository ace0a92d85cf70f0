#include "primitives/pool/thread_pool_executor.h"

#include <algorithm>

#include "primitives/base/errors.h"
#include "primitives/base/processors.h"

namespace weft {
namespace {

internal::Workers::Options options_of(ThreadPoolExecutor::Options options) {
  constexpr std::size_t kMost = 32;
  constexpr std::size_t kMoreThanProcessors = 4;
  const std::size_t usual =
      std::min(kMost, internal::processors_of_this_thread() + kMoreThanProcessors);
  return {.most = options.max_workers == 0 ? usual : options.max_workers,
          .on_demand = true,
          .name = std::move(options.thread_name_prefix),
          .initializer = std::move(options.initializer)};
}

ThreadPoolExecutor::Options checked(std::size_t max_workers) {
  if (max_workers == 0) {
    throw ValueError("ThreadPoolExecutor: there must be at least one worker");
  }
  ThreadPoolExecutor::Options options;
  options.max_workers = max_workers;
  return options;
}

}  // namespace

ThreadPoolExecutor::ThreadPoolExecutor(std::size_t max_workers)
    : ThreadPoolExecutor(checked(max_workers)) {}

ThreadPoolExecutor::ThreadPoolExecutor(Options options)
    : workers_(options_of(std::move(options))) {}

void ThreadPoolExecutor::shutdown(Shutdown how) {
  workers_.close();
  if (how.cancel_futures) workers_.drop_waiting();
  if (how.wait) workers_.join();
}

}  // namespace weft
