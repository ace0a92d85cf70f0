// A lock in one 64-bit word of shared memory that survives the death of its holder. What
// weft::ipc::Lock is made of, and the inner lock of queues and barriers between processes.
//
// The word holds the number of the thread that holds the lock (owner.h), so taking and noting who
// has taken are one store: there is no instant at which a killed holder is not known.
//
//   owner | kDied | kWaiters | meaning
//     0   |  no   |    no    | free
//     x   |  no   |    no    | held by x; unlock() has nobody to wake
//     x   |  no   |   yes    | held by x; unlock() must wake one
//     0   |  yes  |    no    | inconsistent: the holder died, and somebody has noticed
//
// Held by x, where x is dead, is inconsistent as well: nobody has looked yet. Callers cannot tell
// the two apart.
//
// Algorithm: "mutex2" of Ulrich Drepper, "Futexes Are Tricky" (2011), section 5, with the owner in
// the word as in the kernel's robust futexes (Documentation/locking/robust-futexes.rst), which are
// not used: their list is one a thread, glibc's, and nobody else may add to it.
//
// Invariants:
//   (I1) A thread that has slept takes the lock with kWaiters, and one that gives up after it has
//        slept leaves kWaiters in the word: others may sleep behind it, and only that mark makes an
//        unlock() wake them.
//   (I2) unlock() touches the word once; after that it uses only the address.
//   (I3) The word changes from held by x to inconsistent, or to held by its recoverer, only after x
//        was found dead.
// Non-invariants: no order among waiters; is_held() may be wrong by the time it returns.
// Thread safety: every function from any thread of any process that maps the word. unlock() from
//                any thread; that it is the right one is the caller's affair.
// Memory ordering: what was done before unlock() is visible after the lock that follows; what a
//                dead holder did, after recover() (owner.h says why).
#pragma once

#include <atomic>
#include <cstdint>

#include "primitives/base/deadline.h"
#include "primitives/ipc/owner.h"
#include "primitives/ipc/shared_futex.h"

namespace weft::internal {

class RobustWord {
 public:
  enum class Taken { kTaken, kOutOfTime, kOwnerDied };

  RobustWord() = default;
  RobustWord(const RobustWord&) = delete;
  RobustWord& operator=(const RobustWord&) = delete;

  // False if it is held or inconsistent.
  bool lock_fast() {
    std::uint64_t expected = kFree;
    return take(expected, this_owner());
  }
  // Holds the lock only when it says kTaken. A passed deadline only looks, but notices a dead
  // holder.
  Taken lock_before(const Deadline& deadline) {
    return lock_fast() ? Taken::kTaken : lock_slowly(deadline);
  }
  // False, and nothing has happened, if it was free. Makes an inconsistent lock free.
  bool unlock() {
    const std::uint64_t was = leave();
    if ((was & kWaiters) != 0) (void)wake_shared(low_half(word_), 1);
    return was != kFree;
  }

  // Takes an inconsistent lock; it is consistent from then on. False, and not taken, if it is free
  // or its holder lives. Does not wait.
  bool recover();

  // For a lock whose state the library can repair by itself: takes it in any case, and calls
  // `repair()` first if its holder died. If repair's thread dies, another one's is called; so it is
  // to be idempotent. False if it is out of time.
  template <class Repair>
  bool lock_or_repair(const Deadline& deadline, const Repair& repair) {
    for (;;) {
      switch (lock_before(deadline)) {
        case Taken::kTaken:
          return true;
        case Taken::kOutOfTime:
          return false;
        case Taken::kOwnerDied:
          if (!recover()) continue;  // another one was faster
          repair();
          return true;
      }
    }
  }

  // acquire: pairs with the release in leave(): who sees it free sees what the last holder did.
  bool is_held() const { return word_.load(std::memory_order_acquire) != kFree; }
  // Whether the calling thread holds it.
  bool is_mine() const { return owner_of(load()) == this_owner(); }
  // Whether its holder is dead, noticed or not.
  bool is_inconsistent() const;
  // kNobody if it is free or inconsistent.
  OwnerId owner() const { return owner_of(load()); }

 private:
  static constexpr std::uint64_t kFree = 0;
  static constexpr std::uint64_t kDied = std::uint64_t{1} << 30;
  static constexpr std::uint64_t kWaiters = std::uint64_t{1} << 31;
  static_assert(((kDied | kWaiters) & kThreadIdBits) == 0, "the marks are beside the thread id");

  static OwnerId owner_of(std::uint64_t word) { return word & ~(kDied | kWaiters); }

  Taken lock_slowly(const Deadline& deadline);
  void tell_death(std::uint64_t seen);

  // relaxed: a look that decides nothing by itself; what is done about it is a compare-exchange.
  // (In is_mine() the thread looks for its own number, which only itself writes.)
  std::uint64_t load() const { return word_.load(std::memory_order_relaxed); }
  // acquire: pairs with the release in leave(): the new holder sees what the last one wrote.
  // relaxed on failure: nothing was taken.
  bool take(std::uint64_t& expected, std::uint64_t wanted) {
    return word_.compare_exchange_strong(expected, wanted, std::memory_order_acquire,
                                         std::memory_order_relaxed);
  }
  // relaxed: says that somebody sleeps; orders nothing. (It is a read-modify-write, so a release
  // before it still pairs with an acquire after it.)
  bool mark_waiters(std::uint64_t& seen) {
    return word_.compare_exchange_strong(seen, seen | kWaiters, std::memory_order_relaxed);
  }
  // release: pairs with the acquire in take(), in recover(): this thread knows that the holder is
  // dead, so what the holder did comes before what the recoverer does. relaxed on failure: another
  // one was faster.
  bool mark_died(std::uint64_t expected) {
    return word_.compare_exchange_strong(expected, kDied, std::memory_order_release,
                                         std::memory_order_relaxed);
  }
  // release: pairs with the acquire in take().
  std::uint64_t leave() { return word_.exchange(kFree, std::memory_order_release); }

  std::atomic<std::uint64_t> word_{kFree};
};

}  // namespace weft::internal
