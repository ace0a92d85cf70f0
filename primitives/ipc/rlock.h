// RLock: a lock between processes that its holder may take again, as Python's
// multiprocessing.RLock, but robust.
//
// A handle, as Lock: copies of it and what a child of fork() has of it are the same lock. Its owner
// is a thread of a process; a child does not own what its parent does. Releasing what the calling
// thread does not own is an error that changes nothing.
//
// An owner that dies leaves it inconsistent at any depth, as with Lock: acquire() throws
// OwnerDiedError until somebody calls recover(), which takes it at depth 1. release() cannot mend
// that here, because a dead one's lock is nobody's.
//
// Thread safety: every function from any thread of any process. A handle may end while the lock is
//                held.
// Invariants:    (I1) the lock is owned by the thread whose number is in the word (robust_word.h).
//                (I2) depth is read and written by the owner alone, and is above zero while it may
//                be looked at; a new owner begins with 1, whatever a dead one has left.
// Non-invariants: no order among those who wait; locked() may be wrong by the time it returns.
// Memory ordering: as Lock, for the release that brings the depth to zero.
#pragma once

#include <cstddef>
#include <limits>

#include "primitives/annotate.h"
#include "primitives/base/deadline.h"
#include "primitives/ipc/ipc_errors.h"
#include "primitives/ipc/robust_word.h"
#include "primitives/ipc/shared_object.h"
#include "primitives/ipc/timed_lockable.h"

namespace weft::ipc {

class RLock : public internal::TimedLockable<RLock> {
 public:
  // Throws std::system_error if there is no memory to share.
  RLock() : shared_(Shared::make()) {}

  // As Lock's.
  void acquire() {
    if (annotate::watched() || !acquire_fast()) (void)acquire_before(Deadline::never());
  }

  // Throws RuntimeError, and changes nothing, if the calling thread is not the owner.
  void release() {
    if (!owned()) refuse("release");
    if (shared_->depth > 1) {
      --shared_->depth;
    } else {
      let_go();
    }
  }

  // Takes the lock if its owner has died. False, and not taken, if it is free or its owner lives.
  [[nodiscard]] bool recover();
  // Whether recover() would take it: a snapshot.
  bool inconsistent() const { return shared_->word.is_inconsistent(); }

  // Whether it is held, by whomever, or inconsistent.
  bool locked() const { return shared_->word.is_held(); }
  bool owned() const { return shared_->word.is_mine(); }
  // The calling thread's; 0 if it is not the owner.
  std::size_t recursion_count() const { return owned() ? shared_->depth : 0; }

  // Gives up all levels at once and returns how many; takes them back. For waits on a condition.
  // release_save() throws RuntimeError if the calling thread is not the owner.
  std::size_t release_save();
  void acquire_restore(std::size_t depth);

  // The same for all handles of one lock; what reports call it by.
  const void* shared_address() const { return shared_.get(); }

 private:
  friend class internal::TimedLockable<RLock>;

  struct State {
    internal::RobustWord word;
    std::size_t depth = 0;  // (I2)
  };
  using Shared = internal::SharedObject<State>;

  bool acquire_before(const Deadline& deadline, std::size_t levels = 1);
  // False if another thread may hold it, and if this one does too often.
  bool acquire_fast() {
    State& state = *shared_;
    if (state.word.is_mine()) {
      if (state.depth == std::numeric_limits<std::size_t>::max()) return false;
      ++state.depth;
      return true;
    }
    if (!state.word.lock_fast()) return false;
    state.depth = 1;
    return true;
  }
  void let_go() {
    annotate::released(shared_.get(), "ipc::RLock");  // before the next owner can report itself
    shared_->depth = 0;
    (void)shared_->word.unlock();
  }
  [[noreturn]] static void refuse(const char* operation);

  Shared shared_;
};

}  // namespace weft::ipc
