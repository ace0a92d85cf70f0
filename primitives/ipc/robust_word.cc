#include "primitives/ipc/robust_word.h"

#include "primitives/base/spin.h"

namespace weft::internal {

RobustWord::Taken RobustWord::lock_slowly(const Deadline& deadline) {
  const OwnerId me = this_owner();
  const bool only_looks = deadline.has_passed();
  const auto take_if_free = [&] {
    std::uint64_t expected = kFree;
    return load() == kFree && take(expected, me);
  };
  if (!only_looks && spin_until(take_if_free)) return Taken::kTaken;

  BoundedWait pause;
  bool has_slept = false;
  std::uint64_t seen = load();
  for (;;) {
    if (seen == kFree) {
      if (take(seen, has_slept ? me | kWaiters : me)) return Taken::kTaken;  // (I1)
      continue;
    }
    if ((seen & kDied) != 0) return Taken::kOwnerDied;
    if (only_looks) {
      if (was_alive_lately(owner_of(seen))) return Taken::kOutOfTime;
      tell_death(seen);
      seen = load();
      continue;
    }
    if ((seen & kWaiters) == 0) {
      if (!mark_waiters(seen)) continue;  // (I1), also before giving up
      seen |= kWaiters;
    }
    if (deadline.has_passed()) {
      if (is_alive(owner_of(seen))) return Taken::kOutOfTime;
      tell_death(seen);
    } else {
      has_slept = true;
      pause.wait(low_half(word_), static_cast<std::uint32_t>(seen), deadline);
      // Not only at the bound, which a thread that is interrupted again and again never reaches.
      if (load() == seen && !was_alive_lately(owner_of(seen))) tell_death(seen);
    }
    seen = load();
  }
}

void RobustWord::tell_death(std::uint64_t seen) {
  // If that fails somebody else has told it, or recovered the lock.
  if (mark_died(seen)) wake_all_shared(low_half(word_));
}

bool RobustWord::is_inconsistent() const {
  const std::uint64_t seen = load();
  if ((seen & kDied) != 0) return true;
  // Still its holder when it was dead: it may have released in time, and ended then.
  return is_dead(owner_of(seen)) && owner_of(load()) == owner_of(seen);
}

bool RobustWord::recover() {
  const OwnerId me = this_owner();
  std::uint64_t seen = load();
  while (seen != kFree) {
    if ((seen & kDied) == 0 && is_alive(owner_of(seen))) return false;
    // With kWaiters: some may sleep who have not noticed that the holder died.
    if (take(seen, me | kWaiters)) return true;
  }
  return false;
}

}  // namespace weft::internal
