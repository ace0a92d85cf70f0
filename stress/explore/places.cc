#include "stress/explore/places.h"

#include "stress/explore/startup.h"

namespace weft::explore {
namespace {

// std::mutex and its like have one line of code for all objects.
bool is_told_by_object(Op op) { return op >= Op::kLock && op <= Op::kOnce && op != Op::kRelock; }

}  // namespace

bool Places::begin(uint64_t seed) {
  dice_.seed(seed);
  constexpr Kind kKinds[] = {Kind::kLine, Kind::kLine, Kind::kLineAndObject, Kind::kLineAndThread};
  kind_ = kKinds[dice_.below(4)];
  salt_ = dice_.roll();
  thread_salt_ = dice_.roll();
  step_ = 0;
  // None in every second execution, one in every fourth, ...
  change_count_ = 0;
  while (change_count_ < kMostChanges && dice_.below(2) == 0) {
    constexpr uint64_t kAtFirst = 64;
    const uint64_t length = longest_ == 0 ? kAtFirst : longest_;
    changes_[change_count_++] = dice_.below(static_cast<uint32_t>(length));
  }
  return true;
}

uint64_t Places::priority_of(ThreadId id, const Operation& pending) const {
  uint64_t place = load_independent(pending.pc) ^ (uint64_t(pending.op) << 56);
  if (kind_ == Kind::kLineAndObject || is_told_by_object(pending.op)) {
    place ^= scattered(load_independent(pending.object));
  }
  if (kind_ == Kind::kLineAndThread) place ^= uint64_t(id) << 40;
  // Threads at one place have an order of their own, which lasts.
  return scattered(place ^ salt_) << 9 | (scattered(thread_salt_ ^ id) & 0x1ff);
}

ThreadId Places::choose(const Candidates& candidates) {
  for (unsigned i = 0; i < change_count_; ++i) {
    if (changes_[i] == step_) salt_ = dice_.roll();
  }
  ++step_;
  ThreadId best = kNobody;
  uint64_t highest = 0;
  candidates.for_each([&](ThreadId id) {
    const uint64_t priority = priority_of(id, *candidates.pending[id]);
    if (best != kNobody && priority <= highest) return;
    highest = priority;
    best = id;
  });
  return best;
}

unsigned Places::choose_value(Question question, unsigned n) {
  return random_value(dice_, question, n);
}

bool Places::end() {
  if (step_ > longest_) longest_ = step_;
  return false;
}

}  // namespace weft::explore
