// The lock inside the primitives: small, unfair, without a time-out, held for a few instructions.
// Users lock with weft::Lock, which has the documents' semantics; this one has none to spare.
//
// Algorithm: "mutex2" of Ulrich Drepper, "Futexes Are Tricky" (2011), section 5. Before it sleeps a
// thread looks some times, with pauses (spin.h), whether the mutex is free: as it is held for a few
// instructions only, that is in vain if its holder was preempted, and seldom else. The pauses are
// short, or long where threads come back to the mutex all the time (kForTraffic): then every change
// of hands moves all that the mutex guards from one processor to the other, so it pays to leave it
// to its holder for some dozens of turns.
//
//   state      | meaning
//   kFree      | nobody holds it
//   kHeld      | held; unlock() has nobody to wake
//   kContended | held; somebody may sleep, unlock() must wake one
//
// Invariants:
//   (I1) A thread that has slept takes the lock with kContended, never kHeld: others may sleep
//        behind it, and only that mark makes its unlock() wake them.
//   (I2) unlock() touches the word once; after that it uses only the address. So whoever locks next
//        may destroy the mutex and its surroundings at once.
// Thread safety: any thread; unlock() from the thread that locked.
#pragma once

#include "primitives/base/futex.h"
#include "primitives/base/thread_annotations.h"

namespace weft::internal {

class WEFT_CAPABILITY("mutex") Mutex {
 public:
  enum Pauses : std::uint32_t { kShort = 1, kForTraffic = 64 };

  explicit constexpr Mutex(Pauses pauses = kShort) : pauses_(pauses) {}
  Mutex(const Mutex&) = delete;
  Mutex& operator=(const Mutex&) = delete;

  void lock() WEFT_ACQUIRE() {
    std::uint32_t expected = kFree;
    if (!take_if(expected)) lock_slowly();
  }
  // False if somebody holds it.
  [[nodiscard]] bool try_lock() WEFT_TRY_ACQUIRE(true) {
    std::uint32_t expected = kFree;
    return take_if(expected);
  }
  void unlock() WEFT_RELEASE() {
    if (leave() == kContended) futex::wake_one(state_);
  }

 private:
  static constexpr std::uint32_t kFree = 0;
  static constexpr std::uint32_t kHeld = 1;
  static constexpr std::uint32_t kContended = 2;

  // Either way some 10 to 20 microseconds.
  std::uint32_t looks() const { return pauses_ == kShort ? 20 : 8; }
  void lock_slowly();
  bool take_while_spinning();

  // relaxed: a guess, which take_if() verifies.
  bool seems_free() const { return state_.load(std::memory_order_relaxed) == kFree; }

  // acquire: pairs with the release in leave(): the new holder sees what the last one wrote.
  // relaxed on failure: the caller goes on to lock_slowly(), which acquires itself.
  bool take_if(std::uint32_t& expected) {
    return state_.compare_exchange_strong(expected, kHeld, std::memory_order_acquire,
                                          std::memory_order_relaxed);
  }
  // acquire: pairs with the release in leave(), as in take_if().
  std::uint32_t take_contended() { return state_.exchange(kContended, std::memory_order_acquire); }
  // release: pairs with the acquire in take_if() and take_contended().
  std::uint32_t leave() { return state_.exchange(kFree, std::memory_order_release); }

  futex::Word state_{kFree};
  const std::uint32_t pauses_;  // before the first look
};

class WEFT_SCOPED_CAPABILITY MutexLock {
 public:
  explicit MutexLock(Mutex& mutex) WEFT_ACQUIRE(mutex) : mutex_(mutex) { mutex_.lock(); }
  ~MutexLock() WEFT_RELEASE() { mutex_.unlock(); }
  MutexLock(const MutexLock&) = delete;
  MutexLock& operator=(const MutexLock&) = delete;

 private:
  Mutex& mutex_;
};

}  // namespace weft::internal
