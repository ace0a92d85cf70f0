// Repeats the decisions of an earlier execution. Where they end the running thread goes on, so a
// schedule need not be written to its end.
//
// Thread safety: as strategy.h.
#pragma once

#include "stress/explore/array.h"
#include "stress/explore/strategy.h"

namespace weft::explore {

class Replay final : public Strategy {
 public:
  void clear() { decisions_.clear(); }
  void add(uint16_t index) { decisions_.push(index); }

  const char* name() const override { return "replay"; }
  bool begin(uint64_t seed) override;
  ThreadId choose(const Candidates& candidates) override;
  unsigned choose_value(Question question, unsigned n) override;

  // A decision could not be followed: the program is not the one that the schedule is from. Its
  // number, from 0, or -1.
  long misfit() const { return misfit_; }
  // All decisions were asked for.
  bool is_spent() const { return position_ >= decisions_.size(); }

 private:
  unsigned next(unsigned count);

  Array<uint16_t> decisions_;
  uint32_t position_ = 0;
  long misfit_ = -1;
};

}  // namespace weft::explore
