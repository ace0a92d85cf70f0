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
  // What need not happen seldom does.
  constexpr unsigned kSeldom = 16;
  if (question != Question::kWaiter) return dice_.below(kSeldom) == 0 ? 1 : 0;
  return dice_.below(n);
}

}  // namespace weft::explore
