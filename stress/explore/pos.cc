#include "stress/explore/pos.h"

namespace weft::explore {

bool Pos::begin(uint64_t seed) {
  dice_.seed(seed);
  for (unsigned i = 0; i < known_; ++i) priorities_[i] = 0;
  known_ = 0;
  return true;
}

ThreadId Pos::choose(const Candidates& candidates) {
  ThreadId best = kNobody;
  uint32_t highest = 0;
  candidates.for_each([&](ThreadId id) {
    uint32_t& priority = priorities_[id];
    if (priority == 0) priority = static_cast<uint32_t>(dice_.roll() >> 32) | 1;
    if (priority <= highest) return;
    highest = priority;
    best = id;
  });
  known_ = candidates.words * 64;
  const Operation& done = *candidates.pending[best];
  candidates.for_each([&](ThreadId id) {
    if (depend(*candidates.pending[id], done)) priorities_[id] = 0;
  });
  priorities_[best] = 0;
  return best;
}

void Pos::step(ThreadId id, const Operation&) { priorities_[id] = 0; }

unsigned Pos::choose_value(Question question, unsigned n) {
  return random_value(dice_, question, n);
}

}  // namespace weft::explore
