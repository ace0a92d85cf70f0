#include "stress/explore/replay.h"

namespace weft::explore {

bool Replay::begin(uint64_t) {
  position_ = 0;
  misfit_ = -1;
  return true;
}

unsigned Replay::next(unsigned count) {
  if (position_ >= decisions_.size()) return 0;
  const uint16_t index = decisions_[position_++];
  if (index < count) return index;
  if (misfit_ < 0) misfit_ = position_ - 1;
  return 0;
}

ThreadId Replay::choose(const Candidates& candidates) {
  return candidates.at(next(candidates.count));
}

unsigned Replay::choose_value(Question, unsigned n) { return next(n); }

}  // namespace weft::explore
