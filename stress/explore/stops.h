// A random walk that stops threads: at random moments some, or all but one, have no turn any more
// until whoever is left has come to its end or waits. So a thread that needs another to come on is
// seen to need it, also where it does not sleep.
//
// Thread safety: as strategy.h.
// Non-invariants: a stopped thread stays where it is. It goes on when it alone could.
#pragma once

#include "stress/explore/strategy.h"

namespace weft::explore {

class Stops final : public Strategy {
 public:
  const char* name() const override { return "stops"; }
  bool begin(uint64_t seed) override;
  ThreadId choose(const Candidates& candidates) override;
  unsigned choose_value(Question question, unsigned n) override;
  bool end() override;

 private:
  void stop(const Candidates& candidates);

  Dice dice_;
  ThreadSet stopped_;
  uint32_t asked_ = 0;    // in this execution
  uint32_t stop_at_ = 0;  // of asked_
  uint32_t usual_ = 32;   // asked in the last execution
};

}  // namespace weft::explore
