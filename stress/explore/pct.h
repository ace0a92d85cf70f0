// Probabilistic concurrency testing: threads have random priorities, the highest that may runs, and
// at d - 1 random steps the running thread's priority falls below all others. A bug of depth d in a
// program of n threads and k steps is found with probability at least 1 / (n k^(d-1)) in each
// execution.
//
// Burckhardt, Kothari, Musuvathi, Nagarakatte: "A Randomized Scheduler with Probabilistic
// Guarantees of Finding Bugs", ASPLOS 2010, section 2.
//
// Thread safety: as strategy.h.
// Invariants:     (I1) initial priorities are at least d; changed ones are below d, all different.
// Non-invariants: k is known. The longest execution so far stands for it.
#pragma once

#include "stress/explore/strategy.h"

namespace weft::explore {

class Pct final : public Strategy {
 public:
  static constexpr unsigned kMaxDepth = 32;

  explicit Pct(unsigned depth) : depth_(depth < 1 ? 1 : depth > kMaxDepth ? kMaxDepth : depth) {}

  const char* name() const override { return "pct"; }
  bool begin(uint64_t seed) override;
  ThreadId choose(const Candidates& candidates) override;
  unsigned choose_value(Question question, unsigned n) override;
  bool end() override;

 private:
  uint32_t& priority_of(ThreadId id);

  unsigned depth_;
  Dice dice_;
  uint64_t longest_ = 64;
  uint64_t step_ = 0;
  uint64_t changes_[kMaxDepth] = {};
  uint32_t priorities_[kMaxThreads] = {};  // 0: none yet
  unsigned known_ = 0;  // threads with an index below have one, or had none to get
};

}  // namespace weft::explore
