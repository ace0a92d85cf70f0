#include "primitives/process_pool/process_pool.h"

#include <algorithm>

#include "primitives/base/errors.h"

namespace weft::ipc {
namespace {

// As the documents' pool: the last ones to end leave the others idle for a quarter of their share.
constexpr std::size_t kChunksPerProcess = 4;

Pool::Options with(std::size_t processes) {
  if (processes == 0) throw ValueError("Pool: it has at least one process");
  return {.processes = processes};
}

}  // namespace

Pool::Pool(std::size_t processes) : Pool(with(processes)) {}

Pool::Pool(Options options)
    : workers_({.workers = options.processes,
                .initializer = std::move(options.initializer),
                .most_tasks = options.max_tasks_per_child,
                .heals = true,
                .retries = options.retries,
                .time_limit = options.task_timeout,
                .name = "pool"}) {}

std::size_t Pool::chunk_for(std::size_t count, std::size_t chunk) const {
  if (chunk != 0) return chunk;
  const std::size_t chunks = kChunksPerProcess * processes();
  return std::max<std::size_t>(1, (count + chunks - 1) / chunks);
}

}  // namespace weft::ipc
