#include "stress/explore/stops.h"

namespace weft::explore {

bool Stops::begin(uint64_t seed) {
  dice_.seed(seed);
  stopped_ = {};
  asked_ = 0;
  stop_at_ = dice_.below(usual_);
  return true;
}

void Stops::stop(const Candidates& candidates) {
  const ThreadId left = candidates.at(dice_.below(candidates.count));
  const bool all = dice_.below(2) == 0;
  // Those who wait, too, and might go on later.
  for (uint64_t& word : stopped_.words) word = all ? ~uint64_t{0} : dice_.roll();
  stopped_.remove(left);
}

ThreadId Stops::choose(const Candidates& candidates) {
  if (asked_++ == stop_at_) {
    stop(candidates);
  }
  unsigned count = 0;
  candidates.for_each([&](ThreadId id) { count += stopped_.has(id) ? 0 : 1; });
  if (count == 0) {
    stopped_ = {};
    stop_at_ = asked_ + dice_.below(usual_);
    return candidates.at(dice_.below(candidates.count));
  }
  unsigned wanted = dice_.below(count);
  ThreadId chosen = kNobody;
  candidates.for_each([&](ThreadId id) {
    if (!stopped_.has(id) && wanted-- == 0) chosen = id;
  });
  return chosen;
}

unsigned Stops::choose_value(Question question, unsigned n) {
  return random_value(dice_, question, n);
}

bool Stops::end() {
  usual_ = asked_ < 8 ? 8 : asked_;
  return false;
}

}  // namespace weft::explore
