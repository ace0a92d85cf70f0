// One execution of a search under the explorer.
//
// Thread safety: by the search.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "stress/explore/explore.h"
#include "stress/explore/schedule.h"
#include "stress/explore/strategy.h"
#include "stress/report/finding.h"
#include "stress/run/execution.h"
#include "stress/run/options.h"
#include "stress/run/report.h"
#include "stress/run/run.h"
#include "stress/run/seeds.h"
#include "stress/run/workers.h"

namespace weft::internal {

struct ExploredSearch {
  using Clock = std::chrono::steady_clock;

  std::string name;
  Body body;
  Options options;
  std::optional<Kind> wanted;
  Clock::time_point begin;
  Clock::time_point end;
  Report report;
  std::unordered_set<std::uint64_t> digests;
  bool drew_random = false;            // some execution's program depends on its seed
  Share worker;                        // of how many, in processes of their own
  WorkerProgress* progress = nullptr;  // of a worker
  bool cover = false;                  // count pairs of conflicting places
  bool is_in_loop = false;  // what is executed is next in order: explore::Limits::may_run_ahead
  std::unique_ptr<Execution> execution;
  std::optional<std::uint64_t> accesses;  // of the last execution's tested code, if it came so far
  // The first execution that ended well, but inverted: kept until the search knows if a deadlock is
  // to be had.
  struct Inverted {
    explore::Schedule schedule;
    std::uint64_t execution;
    std::string strategy;
  };
  std::optional<Inverted> inverted;
  bool is_inverted = false;                   // the last execution
  explore::ThreadId lost = explore::kNobody;  // explore::Outcome::lost of the last unrecorded one
  std::optional<report::Finding> finding;
  std::optional<report::Original> original;  // of the finding's execution, if simpler than found
};

// Runs the body once, as `strategy` decides. What it violates, the way in which it ended first. An
// inversion is a violation of a recorded execution only: it can wait.
std::vector<Violation> execute(ExploredSearch& search, explore::Strategy& strategy,
                               std::uint64_t number, std::uint64_t seed, bool record);

}  // namespace weft::internal
