// Which strategy runs which execution of a search under the explorer.
//
// Thread safety: by the search.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "stress/explore/exhaustive.h"
#include "stress/explore/pct.h"
#include "stress/explore/random_walk.h"
#include "stress/run/options.h"

namespace weft::internal {

// "mixed" gives every second execution to a systematic search: all schedules, which for a tiny body
// come to an end soon; where they do not, all those of at most one preemption, of two, ..., because
// most bugs need no more (Musuvathi, Qadeer: "Iterative Context Bounding", PLDI 2007); then all
// again. The other executions are random ones, by several strategies in turn.
class Strategies {
 public:
  // Throws OptionError for a name that is none.
  explicit Strategies(std::string_view wanted);

  // For execution `number`; each is asked for once, in order.
  explore::Strategy& next(std::uint64_t number);
  // The execution has ended. True if every schedule within bounds() has been run.
  bool end();

  // What "every schedule" means.
  std::string bounds(const Options& options) const;
  // For a search that has not come to its end: the bound up to which it has. Empty if none.
  std::string reached() const;

 private:
  explore::Strategy& next_systematic();

  bool mixed_ = false;
  explore::Strategy* current_ = nullptr;
  explore::Strategy* only_ = nullptr;

  unsigned bound_ = explore::Exhaustive::kNoBound;  // asked for
  std::uint64_t unbounded_executions_ = 0;
  int completed_ = -1;  // all schedules of so many preemptions have been run
  std::unique_ptr<explore::Exhaustive> all_;
  std::unique_ptr<explore::Exhaustive> bounded_;

  std::unique_ptr<explore::RandomWalk> walk_;
  std::unique_ptr<explore::RandomWalk> long_walk_;
  std::unique_ptr<explore::Pct> pct_;
};

}  // namespace weft::internal
