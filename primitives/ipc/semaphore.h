// Semaphore: permits between processes, as Python's multiprocessing.Semaphore.
//
// A handle: copies of it and what a child of fork() has of it are the same semaphore. Any process
// may release, also one that has acquired nothing, so it has no holders: permits that a process had
// taken when it was killed are gone, and nobody is told. A BoundedSemaphore knows its holders.
//
// Killed anywhere, a process leaves the count right: a call has either happened or not. Who waits
// for a permit that a process gave before it was killed gets it within 50 ms.
//
// Thread safety: every function from any thread of any process. A handle may end at any time.
// Invariant:     no permit is taken twice; value() is at most kMax. (How: permit_word.h.)
// Non-invariants: no order among those who wait; value() may be wrong by the time it returns.
// Memory ordering: whatever was done before release() is visible to whose acquire follows. A failed
//                or timed-out acquire orders nothing.
#pragma once

#include <cstdint>

#include "primitives/annotate.h"
#include "primitives/base/deadline.h"
#include "primitives/ipc/permit_word.h"
#include "primitives/ipc/shared_object.h"
#include "primitives/ipc/timed_lockable.h"

namespace weft::ipc {

class Semaphore : public internal::TimedLockable<Semaphore> {
 public:
  static constexpr std::int64_t kMax = internal::PermitWord::kMost;

  // ValueError unless 0 <= value <= kMax.
  explicit Semaphore(std::int64_t value = 1) : shared_(Shared::make(checked(value))) {}

  // As Lock's, with one permit.
  void acquire() {
    if (annotate::watched() || !shared_->permits.take_fast()) {
      (void)acquire_before(Deadline::never());
    }
  }

  // ValueError, and nothing changes, if n < 1 or there would be more than kMax. Wakes up to n.
  void release(std::int64_t n = 1);

  std::int64_t value() const { return shared_->permits.value(); }

  // The same for all handles of one semaphore; what reports call it by.
  const void* shared_address() const { return shared_.get(); }

 private:
  friend class internal::TimedLockable<Semaphore>;

  struct State {
    explicit State(std::uint32_t value) : permits(value) {}
    internal::PermitWord permits;
  };
  using Shared = internal::SharedObject<State>;

  static std::uint32_t checked(std::int64_t value);
  bool acquire_before(const Deadline& deadline);

  Shared shared_;
};

}  // namespace weft::ipc
