// BoundedSemaphore: a fixed number of permits between processes, as Python's
// multiprocessing.BoundedSemaphore, but it knows who holds them.
//
// A handle: copies of it and what a child of fork() has of it are the same semaphore. Each permit
// is a word with its holder's number, or none. release() gives back a permit of the calling thread;
// if it has none, one of a dead holder, or anybody's: as with Semaphore any process may release.
//
// A holder that dies keeps its permit: what it permitted may be half-done. Who has to wait then,
// and finds a dead holder, gets OwnerDiedError instead, at most some 50 ms after the death; while
// there are free permits nobody is bothered. recover() gives the dead ones' permits back.
//
// Thread safety: every function from any thread of any process. A handle may end at any time.
// Invariants:    (I1) at most as many are inside as there are permits.
//                (I2) permits, `news` and `waiting` change under `lock`, each by one store, so who
//                is killed inside leaves nothing to repair.
//                (I3) whoever sleeps has seen, under the lock, that no permit is free, and the news
//                of that moment; a release changes the news and wakes one if anybody waits.
// Non-invariants: that a permit's holder is who uses it, where one thread releases for another. No
//                order among those who wait; value() may be wrong by the time it returns.
// Memory ordering: as Semaphore; what a dead holder did is visible after recover().
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "primitives/base/deadline.h"
#include "primitives/ipc/ipc_errors.h"
#include "primitives/ipc/owner.h"
#include "primitives/ipc/robust_word.h"
#include "primitives/ipc/shared_futex.h"
#include "primitives/ipc/shared_object.h"
#include "primitives/ipc/timed_lockable.h"

namespace weft::ipc {

class BoundedSemaphore : public internal::TimedLockable<BoundedSemaphore> {
 public:
  static constexpr std::int64_t kMax = 1 << 20;

  // ValueError unless 0 <= value <= kMax.
  explicit BoundedSemaphore(std::int64_t value = 1);

  // As Lock's, with one permit.
  void acquire() { (void)acquire_before(Deadline::never()); }

  // ValueError, and nothing changes, if no permit is taken.
  void release();

  // Gives back the permits of holders that have died; how many.
  std::size_t recover();

  // The permits that are free.
  std::int64_t value() const;

  // The same for all handles of one semaphore; what reports call it by.
  const void* shared_address() const { return state_.get(); }

 private:
  friend class internal::TimedLockable<BoundedSemaphore>;

  using Permit = std::atomic<internal::OwnerId>;
  // All operations on these are sequentially consistent; sleepers read `news` without the lock.
  struct State {
    internal::RobustWord lock;
    internal::SharedWord news{0};  // slept on
    std::atomic<std::uint32_t> waiting{0};
  };
  enum class Waited { kTaken, kOutOfTime, kHolderDied };
  class Hold;

  static std::size_t checked(std::int64_t value);
  bool acquire_before(const Deadline& deadline);
  Waited wait(const Deadline& deadline);
  // Of the first permit whose holder is such. False if there is none.
  template <class Predicate>
  bool change_one(Predicate is_such, internal::OwnerId to);
  bool take();
  template <class Predicate>
  bool give(Predicate is_such);
  void tell();

  internal::SharedArray<Permit> permits_;
  internal::SharedObject<State> state_;
};

}  // namespace weft::ipc
