// At every question each answer is as likely as any other; with a burst length L above 1 the thread
// that runs goes on with probability 1 - 1/L.
//
// Thread safety: as strategy.h.
#pragma once

#include "stress/explore/strategy.h"

namespace weft::explore {

class RandomWalk final : public Strategy {
 public:
  explicit RandomWalk(unsigned burst = 1) : burst_(burst == 0 ? 1 : burst) {}

  const char* name() const override { return "random_walk"; }
  bool begin(uint64_t seed) override;
  ThreadId choose(const Candidates& candidates) override;
  unsigned choose_value(Question question, unsigned n) override;

 private:
  unsigned burst_;
  Dice dice_;
};

}  // namespace weft::explore
