#include "primitives/pool/future_state.h"

#include "primitives/annotate.h"
#include "primitives/base/errors.h"
#include "primitives/pool/spin.h"

namespace weft::internal {
namespace {

// Wakes the one thread that waits for a future or for a request to stop, whichever comes first.
class Either final : public Observer {
 public:
  Either() : Observer(Manner::kUnderLock) {}

  void on_reached(FutureState&) noexcept override { wake(); }
  void wake() {
    come_.store(1);
    futex::wake_one(come_);
  }
  // Until woken; false if the time was over.
  bool doze(const Deadline& deadline) {
    while (come_.load() == 0) {
      if (!futex::wait(come_, 0, deadline)) return come_.load() != 0;
    }
    return true;
  }

 private:
  futex::Word come_{0};
};

}  // namespace

FutureState::~FutureState() { annotate::destroyed(this); }

FutureState::Outcome FutureState::outcome() const {
  if (phase_of(load_word()) != kFinished) return Outcome::kNone;
  return has_error() ? Outcome::kError : Outcome::kValue;
}

template <class Allowed>
std::uint32_t FutureState::advance(std::uint32_t phase, Allowed allowed) {
  std::uint32_t word = load_word();
  while (allowed(phase_of(word)) && !replace(word, (word & ~kPhases) | phase)) {
  }
  return word;
}

bool FutureState::cancel() {
  const std::uint32_t before =
      advance(kCancelled, [](std::uint32_t phase) { return phase == kPending; });
  const std::uint32_t phase = phase_of(before);
  if (phase != kPending) return phase == kCancelled || phase == kNotified;
  wake(before, Stage::kDone);
  return true;
}

bool FutureState::set_running_or_notify_cancel() {
  if (claim()) return true;
  const std::uint32_t before =
      advance(kNotified, [](std::uint32_t phase) { return phase == kCancelled; });
  if (phase_of(before) != kCancelled) {
    throw RuntimeError(
        "Promise::set_running_or_notify_cancel: the work has begun or ended already");
  }
  wake(before, Stage::kSettled);
  return false;
}

bool FutureState::claim() {
  return phase_of(advance(kRunning, [](std::uint32_t phase) { return phase == kPending; })) ==
         kPending;
}

void FutureState::begin_setting() {
  const std::uint32_t before =
      advance(kSetting, [](std::uint32_t phase) { return phase == kPending || phase == kRunning; });
  if (phase_of(before) == kPending || phase_of(before) == kRunning) return;
  throw InvalidStateError(phase_of(before) == kFinished || phase_of(before) == kSetting
                              ? "Promise: the outcome was set already"
                              : "Promise: it was cancelled");
}

void FutureState::give_up_setting() {
  (void)advance(kRunning, [](std::uint32_t phase) { return phase == kSetting; });
}

void FutureState::finish() { wake(exchange_word(kFinished), Stage::kSettled); }

bool FutureState::finish_unobserved() {
  std::uint32_t word = load_word();
  do {
    if ((word & kObserved) != 0) return false;
  } while (!replace(word, (word & ~kPhases) | kFinished));
  wake(word, Stage::kSettled);
  return true;
}

void FutureState::abandon() {
  (void)cancel();
  const std::uint32_t before =
      advance(kNotified, [](std::uint32_t phase) { return phase == kCancelled; });
  if (phase_of(before) == kCancelled) wake(before, Stage::kSettled);
}

void FutureState::wake(std::uint32_t word_before, Stage stage) {
  if ((word_before & kSleepers) != 0) futex::wake_all(word_);
  if ((word_before & kObserved) != 0) tell(stage);
}

void FutureState::tell(Stage stage) {
  Observer* calls = nullptr;
  Observer** end_of_calls = &calls;
  {
    MutexLock hold(mutex_);
    Observer** link = &first_;
    Observer* kept = nullptr;
    while (Observer* const observer = *link) {
      if (stage == Stage::kDone && observer->stage_ == Stage::kSettled) {
        kept = observer;
        link = &observer->next_;
        continue;
      }
      *link = observer->next_;
      if (observer->next_ != nullptr) observer->next_->previous_ = kept;
      observer->next_ = nullptr;
      observer->linked_ = false;
      if (observer->manner_ == Observer::Manner::kUnderLock) {
        observer->on_reached(*this);
      } else {
        *end_of_calls = observer;
        end_of_calls = &observer->next_;
      }
    }
    last_ = kept;
  }
  while (calls != nullptr) {
    Observer* const observer = calls;
    calls = observer->next_;  // before the call, which may destroy the observer
    observer->on_reached(*this);
  }
}

bool FutureState::observe(Observer& observer, Stage stage) {
  const std::uint32_t reached = stage == Stage::kDone ? kCancelled : kNotified;
  MutexLock hold(mutex_);
  std::uint32_t word = load_word();
  do {
    if (phase_of(word) >= reached) return false;
  } while (!replace(word, word | kObserved));
  observer.stage_ = stage;
  observer.linked_ = true;
  observer.next_ = nullptr;
  observer.previous_ = last_;
  (last_ == nullptr ? first_ : last_->next_) = &observer;
  last_ = &observer;
  return true;
}

bool FutureState::forget(Observer& observer) {
  MutexLock hold(mutex_);
  if (!observer.linked_) return false;
  (observer.previous_ == nullptr ? first_ : observer.previous_->next_) = observer.next_;
  (observer.next_ == nullptr ? last_ : observer.next_->previous_) = observer.previous_;
  observer.linked_ = false;
  return true;
}

bool FutureState::wait_slowly(const Deadline& deadline, const std::stop_token& stop) {
  const bool limited = !deadline.is_never() || stop.stop_possible();
  if (!limited) {
    help();
    if (done()) return true;
  } else if (deadline.has_passed() || stop.stop_requested()) {
    return done();
  }
  SpinBudget& budget = this_threads_budget();
  if (look_for_outcome(budget)) return true;
  const SleepForBudget asleep(budget);
  annotate::waiting(this, "Future");
  if (limited) annotate::limited(this);
  const bool reached = stop.stop_possible() ? sleep_until_done_or_stopped(deadline, stop)
                                            : sleep_until_done(deadline);
  annotate::released(this, "Future");
  return reached;
}

bool FutureState::look_for_outcome(SpinBudget& budget) {
  return spin_for(budget, [this] { return done(); });
}

bool FutureState::sleep_until_done(const Deadline& deadline) {
  std::uint32_t word = load_word();
  bool in_time = true;
  while (phase_of(word) < kCancelled) {
    if (!in_time) return false;
    if ((word & kSleepers) == 0 && !replace(word, word | kSleepers)) continue;
    in_time = futex::wait(word_, word | kSleepers, deadline);
    word = load_word();
  }
  return true;
}

bool FutureState::sleep_until_done_or_stopped(const Deadline& deadline,
                                              const std::stop_token& stop) {
  Either either;
  if (!observe(either, Stage::kDone)) return true;
  {
    const std::stop_callback on_stop(stop, [&either] { either.wake(); });
    (void)either.doze(deadline);
  }
  (void)forget(either);
  return done();
}

void FutureState::drop_reference() {
  // acquire: pairs with the release of whoever dropped the reference before: who has the only one
  // sees what the others did, and nobody can add another, so it need not be counted down.
  // acq_rel: the release pairs with the acquire of whoever drops the last reference, and so
  // destroys what the others used.
  if (references_.load(std::memory_order_acquire) == 1 ||
      references_.fetch_sub(1, std::memory_order_acq_rel) == 1) {
    delete this;
  }
}

}  // namespace weft::internal
