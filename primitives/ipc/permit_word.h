// A count of permits in one 32-bit word of shared memory: what weft::ipc::Semaphore is made of.
//
//   permits | kWaiters | meaning
//     n     |    no    | release() has nobody to wake
//     0     |   yes    | somebody may sleep; release() must wake
//    n > 0  |   yes    | one who has slept has just taken a permit and wakes one of the others
//
// A permit is taken and given back by one compare-exchange each, so a killed process never leaves
// half a step. It has no owner: what a process had taken when it was killed is gone.
//
// Invariant: (I1) a thread that has slept leaves kWaiters in the word, whether it takes a permit or
//            gives up, and if it takes one and there are more it wakes another. For a release()
//            takes the mark away and wakes as many as it gives permits; what others give meanwhile
//            finds no mark, and it is the woken who hand that on.
// Non-invariants: no order among those who wait; value() may be wrong by the time it returns.
// Thread safety: every function from any thread of any process that maps the word.
// Memory ordering: what was done before give() is visible to whose take follows.
#pragma once

#include <atomic>
#include <cstdint>

#include "primitives/base/deadline.h"
#include "primitives/ipc/shared_futex.h"

namespace weft::internal {

class PermitWord {
 public:
  static constexpr std::uint32_t kMost = (std::uint32_t{1} << 31) - 1;

  explicit PermitWord(std::uint32_t permits) : word_(permits) {}
  PermitWord(const PermitWord&) = delete;
  PermitWord& operator=(const PermitWord&) = delete;

  bool take_fast() {
    std::uint32_t seen = load();
    while (permits(seen) > 0) {
      if (take(seen, seen - 1)) return true;
    }
    return false;
  }
  // False if it is out of time; a passed deadline only looks.
  bool take_before(const Deadline& deadline) { return take_fast() || take_slowly(deadline); }
  // False, and nothing has happened, if there would be more than kMost.
  bool give(std::uint32_t count);

  // acquire: pairs with the release in put(): who sees a permit sees what came before it was given.
  std::uint32_t value() const { return permits(word_.load(std::memory_order_acquire)); }

 private:
  static constexpr std::uint32_t kWaiters = std::uint32_t{1} << 31;
  static_assert((kWaiters & kMost) == 0, "the mark is beside the count");

  static std::uint32_t permits(std::uint32_t word) { return word & kMost; }
  bool take_slowly(const Deadline& deadline);

  // relaxed: a look that decides nothing by itself; what is done about it is a compare-exchange.
  std::uint32_t load() const { return word_.load(std::memory_order_relaxed); }
  // acquire: pairs with the release in put(). relaxed on failure: nothing was taken.
  bool take(std::uint32_t& seen, std::uint32_t wanted) {
    return word_.compare_exchange_strong(seen, wanted, std::memory_order_acquire,
                                         std::memory_order_relaxed);
  }
  // relaxed: says that somebody sleeps; orders nothing, and breaks no release sequence.
  bool mark_waiters(std::uint32_t& seen) {
    return word_.compare_exchange_strong(seen, seen | kWaiters, std::memory_order_relaxed);
  }
  // release: pairs with the acquire in take(). relaxed on failure: nothing was given.
  bool put(std::uint32_t& seen, std::uint32_t wanted) {
    return word_.compare_exchange_strong(seen, wanted, std::memory_order_release,
                                         std::memory_order_relaxed);
  }

  SharedWord word_;
};

}  // namespace weft::internal
