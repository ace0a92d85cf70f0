#include "primitives/pool/thread_pool.h"

#include "primitives/base/errors.h"
#include "primitives/base/processors.h"

namespace weft {
namespace {

internal::Workers::Options options_of(ThreadPool::Options options) {
  return {.most = options.workers == 0 ? internal::processors_of_this_thread() : options.workers,
          .on_demand = false,
          .name = std::move(options.name),
          .initializer = std::move(options.initializer)};
}

ThreadPool::Options checked(std::size_t workers) {
  if (workers == 0) throw ValueError("ThreadPool: there must be at least one worker");
  ThreadPool::Options options;
  options.workers = workers;
  return options;
}

}  // namespace

ThreadPool::ThreadPool(std::size_t workers) : ThreadPool(checked(workers)) {}

ThreadPool::ThreadPool(Options options)
    : has_initializer_(options.initializer != nullptr), workers_(options_of(std::move(options))) {}

bool ThreadPool::run_blocking(internal::Chunks& job) {
  if (workers_.closed()) throw RuntimeError("ThreadPool::map: the pool is closed");
  if (job.chunks() == 0) return false;
  // The caller lacks what an initializer made, and a pool of one worker may be there to do one
  // thing at a time; unless the caller is a worker itself.
  const auto* const helper = internal::Helper::current();
  const bool is_worker = helper != nullptr && helper->home() == &workers_;
  if (!is_worker && (has_initializer_ || workers() == 1)) {
    job.invite_all();
  } else {
    job.invite_one_by_one();
    job.work();
  }
  return true;
}

}  // namespace weft
