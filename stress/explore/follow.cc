#include "stress/explore/follow.h"

namespace weft::explore {

void Follow::follow(const uint16_t* decisions, uint32_t count) {
  by_index_ = true;
  decisions_.clear();
  for (uint32_t i = 0; i < count; ++i) decisions_.push(decisions[i]);
}

void Follow::follow(const Departure* departures, uint32_t count) {
  by_index_ = false;
  given_.clear();
  for (uint32_t i = 0; i < count; ++i) given_.push(departures[i]);
}

bool Follow::begin(uint64_t) {
  for (unsigned id = 0; id < known_; ++id) operations_[id] = questions_[id] = ran_at_[id] = 0;
  known_ = 0;
  done_departures_.clear();
  turns_.clear();
  position_ = switches_ = preemptions_ = values_ = steps_ = 0;
  last_ = 0;
  return true;
}

const Departure* Follow::wanted(bool is_value, ThreadId thread, uint32_t done) const {
  for (const Departure& departure : given_) {
    if (departure.thread == thread && departure.done == done &&
        (departure.what == Departure::What::kValue) == is_value) {
      return &departure;
    }
  }
  return nullptr;
}

ThreadId Follow::habit(const Candidates& candidates) const {
  if (candidates.current_may) return candidates.current;
  ThreadId latest = candidates.at(0);
  for (unsigned i = 1; i < candidates.count; ++i) {
    const ThreadId id = candidates.at(i);
    if (ran_at_[id] > ran_at_[latest]) latest = id;
  }
  return latest;
}

void Follow::go_on_with(ThreadId id, Departure::What how) {
  if (id != last_) {
    ++switches_;
    turns_.push({how, last_, operations_[last_], id});
  }
  last_ = id;
  if (id >= known_) known_ = id + 1u;
  ++operations_[id];
  ran_at_[id] = ++steps_;
}

ThreadId Follow::choose(const Candidates& candidates) {
  const ThreadId current = candidates.current;
  const ThreadId usual = habit(candidates);
  ThreadId chosen = usual;
  if (by_index_) {
    const uint16_t index = position_ < decisions_.size() ? decisions_[position_] : 0;
    ++position_;
    chosen = candidates.at(index < candidates.count ? index : 0);
  } else if (const Departure* other = wanted(false, current, operations_[current])) {
    const bool fits = other->what == Departure::What::kPreemption || !candidates.current_may;
    if (fits && other->instead < kMaxThreads && candidates.set.has(other->instead)) {
      chosen = other->instead;
    }
  }
  const bool preempts = candidates.current_may && chosen != current;
  const auto how = preempts ? Departure::What::kPreemption : Departure::What::kSwitch;
  if (preempts) ++preemptions_;
  if (chosen != usual) done_departures_.push({how, current, operations_[current], chosen});
  go_on_with(chosen, how);
  return chosen;
}

unsigned Follow::choose_value(Question, unsigned n) {
  unsigned value = 0;
  const uint32_t done = questions_[last_]++;
  if (by_index_) {
    if (position_ < decisions_.size()) value = decisions_[position_];
    ++position_;
  } else if (const Departure* other = wanted(true, last_, done)) {
    value = other->instead;
  }
  if (value >= n) value = 0;
  if (value != 0) {
    ++values_;
    done_departures_.push({Departure::What::kValue, last_, done, static_cast<uint16_t>(value)});
  }
  return value;
}

void Follow::step(ThreadId id, const Operation&) { go_on_with(id, Departure::What::kSwitch); }

}  // namespace weft::explore
