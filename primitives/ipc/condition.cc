#include "primitives/ipc/condition.h"

#include "primitives/annotate.h"
#include "primitives/base/condition_lock.h"
#include "primitives/base/errors.h"

namespace weft::ipc {
namespace {

constexpr const char* kKind = "ipc::Condition";

bool is_below(std::uint32_t ticket, std::uint32_t other) {
  return static_cast<std::int32_t>(ticket - other) < 0;  // they come round
}

}  // namespace

void Condition::acquire() {
  std::visit([](auto& lock) { lock.acquire(); }, lock_);
}

bool Condition::try_acquire() {
  return std::visit([](auto& lock) { return lock.try_acquire(); }, lock_);
}

void Condition::release() {
  std::visit([](auto& lock) { lock.release(); }, lock_);
}

bool Condition::recover() {
  if (!std::visit([](auto& lock) { return lock.recover(); }, lock_)) return false;
  settle();
  return true;
}

std::size_t Condition::release_save() {
  return std::visit([](auto& lock) { return internal::release_save(lock); }, lock_);
}

void Condition::acquire_restore(std::size_t depth) {
  std::visit([depth](auto& lock) { internal::acquire_restore(lock, depth); }, lock_);
}

void Condition::require_held(const char* operation) const {
  if (std::visit([](const auto& lock) { return internal::is_held(lock); }, lock_)) return;
  throw RuntimeError(std::string(operation) + ": the condition's lock is not held");
}

bool Condition::wait_before(const Deadline& deadline) {
  require_held("Condition::wait");
  Place& mine = enter();
  annotate::waiting(shared_address(), kKind);
  if (!deadline.is_never()) annotate::limited(shared_address());
  std::size_t depth = 0;
  try {
    depth = release_save();
  } catch (...) {
    mine.owner = internal::kNobody;  // with a Lock, somebody else may just have released it
    throw;
  }
  for (;;) {
    const bool is_tried = stay(mine, deadline);
    // Nobody holds a condition: either way this thread waits for it no longer.
    annotate::released(shared_address(), kKind);
    try {
      acquire_restore(depth);
    } catch (...) {
      // Without the lock the place cannot be given up; and if this thread was notified, another one
      // may have use for it.
      mine.owner = kGone;
      throw;
    }
    const bool notified = mine.state == kNotified || is_tried;
    if (notified || deadline.has_passed()) {
      mine.owner = internal::kNobody;
      return notified;
    }
    settle();
    annotate::waiting(shared_address(), kKind);
    (void)release_save();
  }
}

Condition::Place& Condition::enter() {
  for (int attempt = 0; attempt < 2; ++attempt) {
    for (std::size_t i = 0; i < kMostWaiters; ++i) {
      Place& place = shared_->places[i];
      if (place.owner != internal::kNobody) continue;
      if (i >= shared_->used) shared_->used = i + 1;
      place.ticket = shared_->next_ticket++;
      place.state = kWaiting;
      place.owner = internal::this_owner();  // (I2)
      return place;
    }
    settle();  // the dead may have left some
  }
  throw RuntimeError("Condition::wait: " + std::to_string(kMostWaiters) + " wait already");
}

// Until notified, out of time, or there is something to do about a death. True if a harness has it
// return as if notified.
bool Condition::stay(Place& mine, const Deadline& deadline) {
  internal::BoundedWait pause;
  while (mine.state == kWaiting && !deadline.has_passed()) {
    pause.wait(internal::low_half(mine.state), kWaiting, deadline);
    if (annotate::wait_is_tried(shared_address())) return true;
    if (mine.state == kWaiting && internal::is_time_to_ask(shared_address()) && must_act(mine)) {
      return false;
    }
  }
  return false;
}

// Whether the lock's holder is dead, who may have been about to notify, or somebody's notification
// would be lost with him.
bool Condition::must_act(const Place& mine) const {
  if (std::visit([](const auto& lock) { return lock.inconsistent(); }, lock_)) return true;
  for (const Place& place : places()) {
    const internal::OwnerId owner = place.owner;
    if (place.state != kNotified) continue;
    if (!is_below(mine.ticket, place.before)) continue;  // this one came later
    if (is_lost(owner)) return true;
  }
  return false;
}

// Frees the places of the dead, and passes their notifications on.
void Condition::settle() {
  for (Place& place : places()) {
    if (!is_lost(place.owner)) continue;
    // The other one is notified before this place is free: if this thread is killed in between, two
    // are woken for one notification, and not none.
    if (place.state == kNotified) (void)pass_on(place.before);
    place.owner = internal::kNobody;
  }
}

void Condition::notify(std::size_t count) {
  require_held("Condition::notify");
  const std::uint32_t before = shared_->next_ticket;
  std::size_t woken = 0;
  while (woken < count && pass_on(before)) ++woken;
  annotate::notified(shared_address(), woken);
}

// False if nobody waits who came before that ticket.
bool Condition::pass_on(std::uint32_t before) {
  while (Place* const place = first_waiting(before)) {
    place->before = before;
    place->state = kNotified;
    // Who was not asleep may be dead.
    const bool was_asleep = internal::wake_shared(internal::low_half(place->state), 1) > 0;
    if (was_asleep || !is_lost(place->owner)) return true;
    place->owner = internal::kNobody;
  }
  return false;
}

Condition::Place* Condition::first_waiting(std::uint32_t before) const {
  Place* first = nullptr;
  for (Place& place : places()) {
    if (place.owner == internal::kNobody || place.state != kWaiting) continue;
    if (!is_below(place.ticket, before)) continue;
    if (first == nullptr || is_below(place.ticket, first->ticket)) first = &place;
  }
  return first;
}

}  // namespace weft::ipc
