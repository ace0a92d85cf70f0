// HelpedWait: a thread blocks until a coroutine ends (sync_wait), and if it is a worker it does
// meanwhile what the coroutine awaits.
//
// Without that, a worker that waits for a coroutine which awaits a task of the same pool would wait
// for itself, if no other worker is free. As helper.h argues for futures: it does what is awaited,
// if that is the pool's and nobody has begun it, and nothing else.
//
// Thread safety: one thread makes it, waits and destroys it. Before it is destroyed the coroutine
//        calls end(), and before that awaits(), from whichever threads it runs in.
// Invariants:
//   (I1) The coroutine tells what it awaits before it can be resumed from there. So it tells one at
//        a time, and this object is there; the last one told is the only one that matters.
//   (I2) Whoever has called awaits() or end() touches nothing any more once the mutex is released:
//        the waiting thread may have gone on.
// Non-invariants: what is in awaited_ may be done, and the coroutine be elsewhere.
// Memory ordering: what a thread did before end() is visible after until_end().
#pragma once

#include <atomic>
#include <concepts>

#include "primitives/base/mutex.h"
#include "primitives/base/wait_list.h"
#include "primitives/pool/future_state.h"
#include "primitives/pool/reference.h"

namespace weft::internal {

class HelpedWait {
 public:
  HelpedWait();
  ~HelpedWait();
  HelpedWait(const HelpedWait&) = delete;
  HelpedWait& operator=(const HelpedWait&) = delete;

  // Whether the waiting thread is a worker, and so wants to be told.
  bool helps() const { return home_ != nullptr; }
  // The coroutine is about to await this one. Of another pool than the worker's it is ignored.
  void awaits(FutureState& future);
  // The coroutine has ended.
  void end();

  void until_end() {
    if (!load_ended()) help_until_end();
  }

 private:
  void help_until_end();

  // acquire: pairs with the release in store_ended(): the waiting thread sees what came before.
  bool load_ended() const { return ended_.load(std::memory_order_acquire); }
  // release: pairs with the acquire in load_ended().
  void store_ended() WEFT_REQUIRES(mutex_) { ended_.store(true, std::memory_order_release); }

  const void* const home_;  // of the waiting worker; null in another thread
  Mutex mutex_;
  std::atomic<bool> ended_{false};                          // written under mutex_, read anywhere
  Reference<FutureState> awaited_ WEFT_GUARDED_BY(mutex_);  // empty if there is no news
  WaitList waiter_ WEFT_GUARDED_BY(mutex_);
};

// The promise of a coroutine that knows who waits for it; null if nobody blocks, or no worker.
template <class Promise>
concept KnowsItsWait = requires(Promise& promise) {
  { promise.helped_wait() } -> std::same_as<HelpedWait*>;
};

}  // namespace weft::internal
