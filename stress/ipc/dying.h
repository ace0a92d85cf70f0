// For tests in which threads end as holders.
#pragma once

#include <atomic>
#include <type_traits>

#include "primitives/ipc/explored_owner.h"
#include "primitives/ipc/shared_futex.h"
#include "stress/run/build_mode.h"
#include "stress/run/options.h"

namespace weft::testing_ipc {

// While it lives, sleeps are bounded under the explorer, too: a death wakes nobody.
class BoundedSleeps {
 public:
#if defined(WEFT_EXPLORE)
  BoundedSleeps() { internal::explored_sleeps_are_bounded = true; }
  ~BoundedSleeps() { internal::explored_sleeps_are_bounded = false; }
#else
  BoundedSleeps() = default;
  ~BoundedSleeps() {}
#endif
  BoundedSleeps(const BoundedSleeps&) = delete;
  BoundedSleeps& operator=(const BoundedSleeps&) = delete;
};

#if defined(WEFT_EXPLORE)
// While it lives, a thread that ends with a lock in its hands is not dead, so that a model of locks
// without deaths is right.
class ThreadsLiveOn {
 public:
  ThreadsLiveOn() { internal::explored_threads_live_on = true; }
  ~ThreadsLiveOn() { internal::explored_threads_live_on = false; }
  ThreadsLiveOn(const ThreadsLiveOn&) = delete;
  ThreadsLiveOn& operator=(const ThreadsLiveOn&) = delete;
};
#endif

[[nodiscard]] inline BoundedSleeps bound_sleeps() { return {}; }

// Time ends a sleep only when nobody could run otherwise, so what a living thread owes is not made
// up for by the bound.
inline Options if_threads_die(Options options = {}) {
  options.patient = true;
  return options;
}

// What a dead holder wrote and its successor reads. That the kernel orders the two by telling of
// the death is not known to ThreadSanitizer; under the explorer it is an operation, and a race is
// found.
using LeftByTheDead = std::conditional_t<kThreadSanitizer, std::atomic<int>, int>;

}  // namespace weft::testing_ipc
