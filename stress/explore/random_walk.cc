#include "stress/explore/random_walk.h"

namespace weft::explore {

bool RandomWalk::begin(uint64_t seed) {
  dice_.seed(seed);
  return true;
}

ThreadId RandomWalk::choose(const Candidates& candidates) {
  if (burst_ > 1 && candidates.current_may && dice_.below(burst_) != 0) return candidates.current;
  return candidates.at(dice_.below(candidates.count));
}

unsigned RandomWalk::choose_value(Question question, unsigned n) {
  return random_value(dice_, question, n);
}

}  // namespace weft::explore
