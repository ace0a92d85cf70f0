#include "primitives/base/parking_lock.h"

#include "primitives/base/spin.h"

namespace weft::internal {

bool ParkingLock::lock_slowly(const Deadline& deadline, const std::stop_token& stop) {
  if (deadline.is_never() && spin_until([this] { return try_lock(); })) return true;
  MutexLock hold(mutex_);
  // A notified thread looks again: another one may have passed it. It looks once more after a
  // time-out too, so an unlock that comes at the last moment is taken.
  Wake wake = Wake::kNotified;
  for (;;) {
    std::uint32_t seen = load();
    if ((seen & kHeld) == 0) {
      if (take(seen)) return true;
      continue;
    }
    if (wake != Wake::kNotified || deadline.has_passed()) return false;
    if ((seen & kParked) == 0 && !set_parked(seen)) continue;
    wake = waiters_.wait(mutex_, deadline, stop, Looking::kNo);
    if (wake != Wake::kNotified && waiters_.empty()) clear_parked();
  }
}

bool ParkingLock::unlock_slowly() {
  for (;;) {
    {
      MutexLock hold(mutex_);
      if (!is_held()) return false;
      if (!waiters_.empty()) {
        leave_parked(waiters_.size() > 1);
        waiters_.notify(1);
        return true;
      }
      clear_parked();
    }
    // Whoever was in the list has given up. Without mutex_: once the word is free, the lock may be
    // destroyed (I2).
    std::uint32_t expected = kHeld;
    if (leave(expected)) return true;
  }
}

}  // namespace weft::internal
