// Lock: mutual exclusion between processes, as Python's multiprocessing.Lock, but robust.
//
// It is a handle: copies of it, and what a child of fork() has of it, are the same lock. As with
// weft::Lock any thread of any process may release it, so it serves as a turn token, and a holder
// that acquires it again waits for itself.
//
// A holder that dies without release(), by a kill or by its end, leaves what the lock guards in an
// unknown state. So the lock is inconsistent then: every acquire throws OwnerDiedError, at most
// some 50 ms after the death, whether it was waiting already or comes later. Nobody hangs, and
// nobody goes on without knowing. That ends by recover(), which takes the lock:
//
//   try {
//     lock.acquire();
//   } catch (const weft::ipc::OwnerDiedError&) {
//     if (!lock.recover()) lock.acquire();  // false: another process has recovered it
//     else make_good();                     // what the dead one may have left half-done
//   }
//
// or by release(), by which somebody gives it back in the dead one's place, as a turn token is. The
// holder is the thread that acquired: one that ends leaves its locks behind though its process
// lives. A Semaphore has no holder, so a token that outlives its taker is better one of those.
//
//   state        | acquire()          | try_acquire()  | release()  | recover()   | locked()
//   free         | takes it           | takes it, true | ValueError | false       | false
//   held         | waits              | false          | frees it   | false       | true
//   inconsistent | OwnerDiedError     | OwnerDiedError | frees it   | takes, true | true
//
// Thread safety: every function from any thread of any process. A handle may end while the lock is
//                held.
// Invariant:     it is held from a successful acquire or recover to the next release, by one at a
//                time. (How: robust_word.h.)
// Non-invariants: no order among those who wait. locked() may be wrong by the time it returns.
// Memory ordering: whatever was done before release() is visible to whose acquire follows; what a
//                dead holder did, after recover(). A failed or timed-out acquire orders nothing.
#pragma once

#include "primitives/annotate.h"
#include "primitives/base/deadline.h"
#include "primitives/ipc/ipc_errors.h"
#include "primitives/ipc/robust_word.h"
#include "primitives/ipc/shared_object.h"
#include "primitives/ipc/timed_lockable.h"

namespace weft::ipc {

class Lock : public internal::TimedLockable<Lock> {
 public:
  // Throws std::system_error if there is no memory to share.
  Lock() : shared_(Shared::make()) {}

  // Waits without limit. TimedLockable adds try_acquire(), acquire_for(), acquire_until() and the
  // shape of the standard's Lockable.
  void acquire() {
    if (annotate::watched() || !word().lock_fast()) {
      (void)acquire_before(Deadline::never());
    }
  }

  // Throws ValueError if it is not held. Wakes at most one that waits.
  void release() {
    annotate::released(shared_.get(), "ipc::Lock");  // before the next holder can report itself
    if (!word().unlock()) refuse_release();
  }

  // Takes the lock if its holder has died, and makes it consistent. False, and not taken, if it is
  // free or its holder lives: somebody else has recovered it.
  [[nodiscard]] bool recover();
  // Whether recover() would take it: a snapshot.
  bool inconsistent() const { return shared_->word.is_inconsistent(); }

  // Whether it is held or inconsistent.
  bool locked() const { return shared_->word.is_held(); }

  // The same for all handles of one lock; what reports call it by.
  const void* shared_address() const { return shared_.get(); }

 private:
  friend class internal::TimedLockable<Lock>;

  struct State {
    internal::RobustWord word;
  };
  using Shared = internal::SharedObject<State>;

  internal::RobustWord& word() { return shared_->word; }
  bool acquire_before(const Deadline& deadline);
  [[noreturn]] static void refuse_release();

  Shared shared_;
};

}  // namespace weft::ipc
