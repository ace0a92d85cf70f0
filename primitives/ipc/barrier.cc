#include "primitives/ipc/barrier.h"

#include <algorithm>
#include <string>

#include "primitives/annotate.h"
#include "primitives/base/errors.h"

namespace weft::ipc {
namespace {

constexpr const char* kKind = "ipc::Barrier";

std::size_t checked(std::size_t parties) {
  if (parties == 0 || parties > Barrier::kMostParties) {
    throw ValueError("Barrier: there must be from 1 to " + std::to_string(Barrier::kMostParties) +
                     " parties, not " + std::to_string(parties));
  }
  return parties;
}

}  // namespace

// The barrier's lock, in the state that it guards made good.
class Barrier::Hold {
 public:
  explicit Hold(Barrier& barrier) : barrier_(barrier) { lock(); }
  ~Hold() { unlock(); }
  Hold(const Hold&) = delete;
  Hold& operator=(const Hold&) = delete;

  void lock() {
    (void)barrier_.state_->lock.lock_or_repair(Deadline::never(), [this] { barrier_.repair(); });
  }
  void unlock() { (void)barrier_.state_->lock.unlock(); }

 private:
  Barrier& barrier_;
};

Barrier::Barrier(std::size_t parties, Action action)
    : parties_(checked(parties)),
      action_(std::move(action)),
      state_(internal::SharedObject<State>::make()),
      places_(internal::SharedArray<Place>::make(2 * parties)) {}

std::size_t Barrier::wait() {
  return wait_before(timeout_seconds_ ? Deadline::after(*timeout_seconds_) : Deadline::never());
}

std::size_t Barrier::wait_before(const Deadline& deadline) {
  annotate::waiting(shared_address(), kKind);
  const Arrival arrival = [&] {
    try {
      return arrive();
    } catch (...) {
      annotate::released(shared_address(), kKind);
      throw;
    }
  }();
  Fate fate = arrival.fate;
  if (arrival.place != nullptr) {
    fate = stay(*arrival.place, deadline);
    leave(*arrival.place);
  }
  annotate::released(shared_address(), kKind);  // nobody holds a barrier
  if (fate != kComplete) throw BrokenBarrierError("Barrier::wait: the barrier is broken");
  return arrival.index;
}

Barrier::Arrival Barrier::arrive() {
  Hold hold(*this);
  Place& mine = enter(hold);
  if (broken()) return {0, kFailed, nullptr};
  const std::size_t index = n_waiting();
  mine.fate = kWaiting;
  mine.owner = internal::this_owner();
  if (index + 1 < parties_) return {index, kWaiting, &mine};
  // The last has a place, too: should it die in the action, the others are to know.
  try {
    if (action_) action_();
  } catch (...) {
    end_round(kFailed, true);
    leave(mine);
    throw;
  }
  end_round(kComplete, false);
  leave(mine);
  return {index, kComplete, nullptr};
}

// A free place; while there is none, because many are still on their way out, waits for them.
Barrier::Place& Barrier::enter(Hold& hold) {
  internal::BoundedWait pause;
  for (;;) {
    if (Place* const place = free_place()) return *place;
    const std::uint32_t seen = state_->epoch;
    state_->crowded = 1;
    repair();  // some may have died on their way out
    if (Place* const place = free_place()) return *place;
    hold.unlock();
    pause.wait(internal::low_half(state_->epoch), seen, Deadline::never());
    hold.lock();
  }
}

Barrier::Place* Barrier::free_place() const {
  const auto place = std::ranges::find_if(
      places_, [](const Place& one) { return one.owner == internal::kNobody; });
  return place == places_.end() ? nullptr : place;
}

Barrier::Fate Barrier::stay(Place& mine, const Deadline& deadline) {
  internal::BoundedWait pause;
  for (;;) {
    const std::uint32_t seen = state_->epoch;
    const auto fate = static_cast<Fate>(mine.fate.load());
    if (fate != kWaiting) return fate;
    if (deadline.has_passed()) {
      Hold hold(*this);
      // A round that was ended meanwhile is ended, whatever the clock says.
      if (mine.fate == kWaiting) end_round(kFailed, true);
      return static_cast<Fate>(mine.fate.load());
    }
    pause.wait(internal::low_half(state_->epoch), seen, deadline);
    if (state_->epoch == seen && internal::is_time_to_ask(shared_address()) && a_party_is_dead()) {
      Hold hold(*this);
      repair();
    }
  }
}

bool Barrier::a_party_is_dead() const {
  return std::ranges::any_of(places_,
                             [](const Place& place) {
                               return place.fate == kWaiting && internal::is_dead(place.owner);
                             }) ||
         state_->lock.is_inconsistent();
}

void Barrier::leave(Place& mine) {
  mine.owner = internal::kNobody;
  if (state_->crowded.exchange(0) != 0) tell();
}

void Barrier::tell() {
  ++state_->epoch;
  internal::wake_all_shared(internal::low_half(state_->epoch));
}

void Barrier::end_round(Fate fate, bool broken) {
  state_->control = fate | (broken ? kBroken : 0);  // from here on it is decided
  finish_ending();
}

void Barrier::finish_ending() {
  const std::uint32_t control = state_->control;
  const std::uint32_t fate = control & kEnding;
  if (fate == kWaiting) return;
  for (Place& place : places_) {
    if (is_waiting(place)) place.fate = fate;
  }
  state_->control = control & kBroken;
  tell();
}

void Barrier::repair() {
  finish_ending();
  bool a_party_died = false;
  for (Place& place : places_) {
    if (!internal::is_dead(place.owner)) continue;
    if (place.fate == kWaiting) {
      a_party_died = true;  // its place is free when the others have been told
    } else {
      leave(place);
    }
  }
  if (!a_party_died) return;
  end_round(kFailed, true);
  repair();
}

void Barrier::abort() {
  Hold hold(*this);
  if (!broken()) end_round(kFailed, true);
}

void Barrier::reset() {
  Hold hold(*this);
  end_round(kFailed, false);
}

std::size_t Barrier::n_waiting() const {
  if ((state_->control & kEnding) != 0) return 0;
  return static_cast<std::size_t>(std::ranges::count_if(places_, is_waiting));
}

bool Barrier::broken() const { return (state_->control & kBroken) != 0; }

}  // namespace weft::ipc
