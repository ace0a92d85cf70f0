// Partial-order sampling: each pending operation has a random priority, and the highest that may
// goes on. What depends on the operation that went on gets a new one, so that every order of two
// operations that race is as likely as the other, however long ago they got their priorities.
//
// Yuan, Yang, Gu: "Partial Order Aware Concurrency Sampling", CAV 2018, section 4.
//
// Thread safety: as strategy.h.
// Invariants:     (I1) a priority is of one pending operation: whoever goes on loses it.
#pragma once

#include "stress/explore/strategy.h"

namespace weft::explore {

class Pos final : public Strategy {
 public:
  const char* name() const override { return "pos"; }
  bool begin(uint64_t seed) override;
  ThreadId choose(const Candidates& candidates) override;
  unsigned choose_value(Question question, unsigned n) override;
  void step(ThreadId id, const Operation& pending) override;
  bool wants_steps() const override { return true; }

 private:
  Dice dice_;
  uint32_t priorities_[kMaxThreads] = {};  // 0: none yet
  unsigned known_ = 0;                     // threads with an index below may have one
};

}  // namespace weft::explore
