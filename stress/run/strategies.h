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

class Strategies {
 public:
  // Throws OptionError for a name that is none.
  Strategies(std::string_view wanted, std::chrono::steady_clock::duration budget);

  // For execution `number`; each is asked for once, in order.
  explore::Strategy& next(std::uint64_t number);

  // What "every schedule" means, when the one that is exhaustive has come to its end.
  std::string bounds(const Options& options) const;

 private:
  using Clock = std::chrono::steady_clock;

  // "mixed": every second execution is of the exhaustive strategy, which comes to its end for a tiny
  // body, until half the time is over; the others take turns.
  bool mixed_ = false;
  bool exhausting_ = false;
  Clock::time_point exhaustive_end_;
  unsigned preemptions_ = explore::Exhaustive::kNoBound;
  std::unique_ptr<explore::Exhaustive> exhaustive_;
  std::unique_ptr<explore::RandomWalk> walk_;
  std::unique_ptr<explore::RandomWalk> long_walk_;
  std::unique_ptr<explore::Pct> pct_;
  explore::Strategy* only_ = nullptr;
};

}  // namespace weft::internal
