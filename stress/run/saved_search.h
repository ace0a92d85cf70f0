// A campaign: a search of minutes or days, on all cores, whose state and findings are files of one
// folder (Options::campaign).
//
// Thread safety: by the search.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "stress/run/checkpoint.h"
#include "stress/run/explored_execution.h"
#include "stress/run/strategies.h"

namespace weft::internal {

// resolved(), with the defaults of a campaign if it is one: ten minutes, any number of executions,
// a worker for each core. Makes its folder. Throws OptionError if that cannot be made.
Options resolved_for_campaign(const Options& in_code, Defaults defaults);

// Keeps a search's state in its file, if it is of a campaign.
//
// Invariants: (I1) the search is the same function of its seed with and without interruptions: at
//                  each moment that is saved, what strategies have estimated is forgotten, in the
//                  process that goes on, too.
class SavedSearch {
 public:
  // All of them live longer.
  SavedSearch(ExploredSearch& search, Strategies& strategies, std::uint64_t& program);

  // How many executions have been done; the search is as it was then.
  std::uint64_t go_on();
  // So many have been done.
  void ran(std::uint64_t executions);

 private:
  void save_now(std::uint64_t executions);

  ExploredSearch& search_;
  Strategies& strategies_;
  std::uint64_t& program_;
  std::string path_;  // empty: nothing is saved
  Checkpoint checkpoint_;
  std::uint64_t steps_ = 0;       // since it was saved
  std::uint64_t executions_ = 0;  // likewise
  double seconds_before_ = 0;     // of earlier processes
  std::chrono::steady_clock::time_point told_;
};

}  // namespace weft::internal
