#include "stress/explore/pct.h"

namespace weft::explore {

bool Pct::begin(uint64_t seed) {
  dice_.seed(seed);
  step_ = 0;
  for (unsigned i = 0; i < known_; ++i) priorities_[i] = 0;
  known_ = 0;
  for (unsigned i = 0; i + 1 < depth_; ++i) {
    changes_[i] = dice_.below(static_cast<uint32_t>(longest_));
  }
  return true;
}

uint32_t& Pct::priority_of(ThreadId id) {
  if (id >= known_) known_ = id + 1u;
  uint32_t& priority = priorities_[id];
  // Random numbers of 31 bits are as good as a random permutation.
  if (priority == 0) priority = kMaxDepth + 1 + (static_cast<uint32_t>(dice_.roll() >> 33));
  return priority;
}

ThreadId Pct::choose(const Candidates& candidates) {
  for (unsigned i = 0; i + 1 < depth_; ++i) {
    if (changes_[i] == step_) priority_of(candidates.current) = depth_ - 1 - i;
  }
  ++step_;
  ThreadId best = kNobody;
  candidates.for_each([&](ThreadId id) {
    if (best == kNobody || priority_of(id) > priority_of(best)) best = id;
  });
  return best;
}

unsigned Pct::choose_value(Question question, unsigned n) {
  return random_value(dice_, question, n);
}

bool Pct::end() {
  if (step_ > longest_) longest_ = step_;
  return false;
}

}  // namespace weft::explore
