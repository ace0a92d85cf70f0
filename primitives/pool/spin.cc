#include "primitives/pool/spin.h"

#include <atomic>

namespace weft::internal {
namespace {

// relaxed throughout: a guess about how busy the machine is; nothing depends on it.
std::atomic<std::size_t> awake_workers{0};

}  // namespace

void AwakeWorkers::add_one() { awake_workers.fetch_add(1, std::memory_order_relaxed); }
void AwakeWorkers::remove_one() { awake_workers.fetch_sub(1, std::memory_order_relaxed); }

bool spare_processor(std::size_t others) {
  return awake_workers.load(std::memory_order_relaxed) + others < processors();
}

bool enough_processors() { return awake_workers.load(std::memory_order_relaxed) <= processors(); }

SpinBudget& this_threads_budget() {
  thread_local SpinBudget budget;
  return budget;
}

}  // namespace weft::internal
