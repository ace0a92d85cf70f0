// What a condition does with the lock it belongs to: one that has an owner and a depth (RLock), or
// neither (Lock).
//
// Thread safety: as the lock's.
#pragma once

#include <cstddef>

namespace weft::internal {

template <class L>
concept OwnedLock = requires(const L& lock) { lock.owned(); };

// Whether the calling thread owns it; if it knows no owner, whether anybody holds it.
template <class L>
bool is_held(const L& lock) {
  if constexpr (OwnedLock<L>) {
    return lock.owned();
  } else {
    return lock.locked();
  }
}

// Gives it up, whatever its depth, and returns that. Throws as its release if it is not held.
template <class L>
std::size_t release_save(L& lock) {
  if constexpr (OwnedLock<L>) {
    return lock.release_save();
  } else {
    lock.release();
    return 1;
  }
}

// Takes it back to that depth.
template <class L>
void acquire_restore(L& lock, std::size_t depth) {
  if constexpr (OwnedLock<L>) {
    lock.acquire_restore(depth);
  } else {
    lock.acquire();
  }
}

}  // namespace weft::internal
