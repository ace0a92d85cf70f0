// Priorities by place: of the threads that may go on, the one whose pending operation is asked for
// at the place of highest priority does. Threads that run the same code are interchangeable, so a
// bug that needs one of a hundred writers to stop half-way while the reader passes is found as
// soon as one of three is; strategies that give priorities to threads need longer the more there
// are.
//
// Priorities are drawn anew for each execution, and in some at a few random steps as well (as the
// change points of pct.h). What a place is, is drawn, too: a line of code; the line and the object;
// or the line and the thread.
//
// The abstract events of Wolff et al., "Greybox Fuzzing for Concurrency Testing" (ASPLOS 2024), are
// such places; the priorities are those of Burckhardt et al. (pct.h), given to them.
//
// Thread safety: as strategy.h.
// Invariants:     (I1) a priority is a function of the place and of a salt, which is drawn with the
//                      seed: nothing is kept from execution to execution but the longest length.
#pragma once

#include "stress/explore/strategy.h"

namespace weft::explore {

class Places final : public Strategy {
 public:
  const char* name() const override { return "places"; }
  bool begin(uint64_t seed) override;
  ThreadId choose(const Candidates& candidates) override;
  unsigned choose_value(Question question, unsigned n) override;
  bool end() override;

 private:
  enum class Kind : uint8_t { kLine, kLineAndObject, kLineAndThread };
  static constexpr unsigned kMostChanges = 7;

  uint64_t priority_of(ThreadId id, const Operation& pending) const;

  Dice dice_;
  Kind kind_ = Kind::kLine;
  uint64_t salt_ = 0;
  uint64_t thread_salt_ = 0;
  uint64_t step_ = 0;
  uint64_t longest_ = 0;
  uint64_t changes_[kMostChanges] = {};
  unsigned change_count_ = 0;
};

}  // namespace weft::explore
