#include "primitives/pool/idle_workers.h"

#include <algorithm>

namespace weft::internal {

IdleWorkers::IdleWorkers(std::size_t most) {
  MutexLock hold(mutex_);
  stack_.reserve(most);
}

void IdleWorkers::join() {
  MutexLock hold(mutex_);
  ++members_;
  counts_.fetch_add(kOneSearching);
}

void IdleWorkers::leave() {
  MutexLock hold(mutex_);
  --members_;
  counts_.fetch_sub(kOneSearching);
  finish_if_all_sleep();
}

void IdleWorkers::call_one(Placement::Call* call) {
  Seat* seat = nullptr;
  {
    MutexLock hold(mutex_);
    if (stack_.empty() || !nobody_searches()) return;
    seat = stack_.back();
    stack_.pop_back();
    counts_.fetch_add(kOneSearching - kOneSleeping);
    if (call != nullptr) call->is_made(seat->thread_);
    seat->call();
  }
  // The worker may have ended by now, and its seat be gone; a wake needs only the address.
  futex::wake_one(seat->word);
}

bool IdleWorkers::begin_search() {
  std::uint64_t counts = counts_.load();
  while (searching(counts) == 0) {
    if (counts_.compare_exchange_weak(counts, counts + kOneSearching)) return true;
  }
  return false;
}

void IdleWorkers::lie_down(Seat& seat, bool was_searching) {
  MutexLock hold(mutex_);
  seat.lie_down();
  stack_.push_back(&seat);
  counts_.fetch_add(kOneSleeping - (was_searching ? kOneSearching : 0));
  finish_if_all_sleep();
}

void IdleWorkers::get_up(Seat& seat) {
  MutexLock hold(mutex_);
  const auto place = std::find(stack_.begin(), stack_.end(), &seat);
  if (place == stack_.end()) return;
  stack_.erase(place);
  counts_.fetch_add(kOneSearching - kOneSleeping);
  seat.call();
}

void IdleWorkers::await_call(Seat& seat) {
  while (seat.state() == Seat::kAsleep) {
    futex::wait(seat.word, Seat::kAsleep, Deadline::never());
  }
}

void IdleWorkers::begin_closing() {
  MutexLock hold(mutex_);
  closing_ = true;
  finish_if_all_sleep();
}

bool IdleWorkers::finished() const {
  MutexLock hold(mutex_);
  return finished_;
}

void IdleWorkers::finish_if_all_sleep() {
  if (!closing_ || stack_.size() != members_) return;
  finished_ = true;
  for (Seat* const seat : stack_) {
    seat->call();
    futex::wake_one(seat->word);
  }
  counts_.fetch_add(stack_.size() * kOneSearching - stack_.size() * kOneSleeping);
  stack_.clear();
}

}  // namespace weft::internal
