#include "primitives/pool/many_states.h"

#include <atomic>

#include "primitives/annotate.h"

namespace weft::internal {
namespace {

// What the observers of one wait share: how many states are still to come, and the word on which
// the waiting thread sleeps.
class Condition {
 public:
  Condition(std::size_t count, ReturnWhen when) : left_(count), when_(when) {}

  void arrive(const FutureState& state) {
    const bool last = left_.fetch_sub(1) == 1;
    const bool failed = state.outcome() == FutureState::Outcome::kError;
    if (last || when_ == ReturnWhen::kFirstCompleted ||
        (when_ == ReturnWhen::kFirstException && failed)) {
      open();
    }
  }
  void open() {
    open_.store(1);
    futex::wake_one(open_);
  }
  bool holds() const { return open_.load() != 0; }
  void doze(const Deadline& deadline) const {
    while (!holds() && futex::wait(open_, 0, deadline)) {
    }
  }

 private:
  std::atomic<std::size_t> left_;
  const ReturnWhen when_;
  futex::Word open_{0};
};

class Arriving final : public Observer {
 public:
  explicit Arriving(Condition& condition) : Observer(Manner::kUnderLock), condition_(condition) {}
  void on_reached(FutureState& state) noexcept override { condition_.arrive(state); }

 private:
  Condition& condition_;
};

bool satisfied(std::span<FutureState* const> states, ReturnWhen when) {
  std::size_t settled = 0;
  for (const FutureState* state : states) {
    if (!state->settled()) continue;
    ++settled;
    if (when == ReturnWhen::kFirstCompleted) return true;
    if (when == ReturnWhen::kFirstException && state->outcome() == FutureState::Outcome::kError) {
      return true;
    }
  }
  return settled == states.size();
}

}  // namespace

bool wait_for_states(std::span<FutureState* const> states, ReturnWhen when,
                     const Deadline& deadline, const std::stop_token& stop) {
  if (satisfied(states, when)) return true;
  const bool limited = !deadline.is_never() || stop.stop_possible();
  if (limited && (deadline.has_passed() || stop.stop_requested())) return false;
  for (FutureState* state : limited ? std::span<FutureState* const>() : states) {
    if (state->settled()) continue;
    state->help();
    if (satisfied(states, when)) return true;
  }

  Condition condition(states.size(), when);
  std::vector<std::unique_ptr<Arriving>> arriving;
  arriving.reserve(states.size());
  for (FutureState* state : states) {
    arriving.push_back(std::make_unique<Arriving>(condition));
    if (!state->observe(*arriving.back(), Stage::kSettled)) condition.arrive(*state);
  }
  annotate::waiting(&condition, "futures");
  if (limited) annotate::limited(&condition);
  bool stopped = false;
  {
    const std::stop_callback on_stop(stop, [&condition] { condition.open(); });
    condition.doze(deadline);
    stopped = stop.stop_requested();
  }
  annotate::released(&condition, "futures");
  for (std::size_t i = 0; i < states.size(); ++i) (void)states[i]->forget(*arriving[i]);
  return stopped ? satisfied(states, when) : condition.holds();
}

class Arrivals::Arrival final : public Observer {
 public:
  Arrival(Arrivals& arrivals, FutureState& state, std::size_t place)
      : Observer(Manner::kUnderLock), arrivals_(arrivals), state_(state), place_(place) {}

  void begin() {
    if (!state_.observe(*this, Stage::kSettled)) arrivals_.arrive(place_);
  }
  void end() { (void)state_.forget(*this); }
  void on_reached(FutureState&) noexcept override { arrivals_.arrive(place_); }
  FutureState& state() { return state_; }

 private:
  Arrivals& arrivals_;
  FutureState& state_;
  const std::size_t place_;
};

Arrivals::Arrivals(std::span<FutureState* const> states) : left_(states.size()) {
  arrivals_.reserve(states.size());
  for (std::size_t place = 0; place < states.size(); ++place) {
    arrivals_.push_back(std::make_unique<Arrival>(*this, *states[place], place));
  }
  for (const auto& arrival : arrivals_) arrival->begin();
}

Arrivals::~Arrivals() {
  annotate::destroyed(this);
  for (const auto& arrival : arrivals_) {
    if (arrival != nullptr) arrival->end();
  }
}

void Arrivals::arrive(std::size_t place) {
  MutexLock hold(mutex_);
  arrived_.push_back(place);
  waiters_.notify(1);
}

std::optional<std::size_t> Arrivals::next(const Deadline& deadline) {
  const auto any_arrived = [this] {
    MutexLock hold(mutex_);
    return !arrived_.empty();
  };
  if (deadline.is_never() && Helper::current() != nullptr) {
    for (const auto& arrival : arrivals_) {
      if (any_arrived()) break;
      if (arrival != nullptr) arrival->state().help();
    }
  }
  std::size_t place = 0;
  {
    MutexLock hold(mutex_);
    if (arrived_.empty() && !deadline.has_passed()) {
      annotate::waiting(this, "futures");
      if (!deadline.is_never()) annotate::limited(this);
      (void)waiters_.wait(mutex_, deadline);
      annotate::released(this, "futures");
    }
    if (arrived_.empty()) return std::nullopt;
    place = arrived_.front();
    arrived_.pop_front();
  }
  // Its call may still hold the future's mutex; forget() waits for that.
  arrivals_[place]->end();
  arrivals_[place].reset();
  --left_;
  return place;
}

}  // namespace weft::internal
