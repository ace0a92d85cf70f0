// A search under the explorer on several cores: one process for each worker, because a process has
// one exploration.
//
// Thread safety: one call at a time, by a process without threads that a worker would need.
// Invariants:     (I1) no worker is left when run_workers() returns.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "stress/run/options.h"
#include "stress/run/report.h"
#include "stress/run/seeds.h"

namespace weft::internal {

// How far a worker is, in memory that outlives it.
class WorkerProgress {
 public:
  static constexpr std::size_t kMostDigests = 2'000'000;

  void ran(std::uint64_t executions) { executions_ = executions; }
  // An interleaving that the worker has not seen before.
  void saw(std::uint64_t digest) {
    if (digest_count_ < kMostDigests) digests_[digest_count_++] = digest;
  }

  std::uint64_t executions() const { return executions_; }
  std::size_t digest_count() const { return digest_count_; }
  std::uint64_t digest(std::size_t i) const { return digests_[i]; }

 private:
  // Written by the worker alone; all but the first is read by its parent when it has ended.
  std::atomic<std::uint64_t> executions_{0};
  std::uint64_t digest_count_ = 0;
  std::uint64_t digests_[kMostDigests];
};

// Runs `search` as worker 0, 1, ... of `count`, each in a child process, until each has ended or
// one has found a violation, or that all holds; the others are then killed. What they did in all,
// and what was found. Throws what a worker's search has thrown, see outcome_from(), and
// std::runtime_error if no process can be made, or if one does not end in `patience`. Meanwhile
// `tell` is called now and then, with the executions of all.
Report run_workers(unsigned count, Seconds patience,
                   const std::function<Report(Share worker, WorkerProgress&)>& search,
                   const std::function<void(std::uint64_t)>& tell);

}  // namespace weft::internal
