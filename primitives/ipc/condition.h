// Condition: wait until another process says that something has changed, as Python's
// multiprocessing.Condition.
//
// It belongs to a lock: an RLock of its own, or a Lock or RLock of the caller's, which several
// conditions may share. wait() gives the lock up, whatever its depth, and takes it back before it
// returns, without limit, also after a time-out. Waiters are woken first come first served;
// notify(n) wakes exactly min(n, waiting) of them, and nobody wakes without a notification. It does
// not wait for them to wake, as Python's does.
//
// A handle: copies of it and what a child of fork() has of it are the same condition.
//
// When a process dies:
//   holding the lock           | the lock is inconsistent; within 50 ms wait() of the others throws
//                              | OwnerDiedError, and they do not hold it then. But one of them may
//                              | recover it before all have looked: it then notifies those who
//                              | still wait, if what is guarded says so
//   waiting                    | it is waited for and notified no more
//   notified, but not yet back | its notification goes to the next who waited then, within 50 ms
//
// Each waiter has a place in shared memory, of kMostWaiters:
//
//   owner    | state     | meaning
//   nobody   | any       | free
//   a thread | waiting   | sleeps, or is about to
//   a thread | notified  | is on its way back to the lock
//   gone     | any       | its thread got OwnerDiedError, not the lock: as one of a dead thread
//
// Thread safety: every function from any thread of any process. wait and notify need the lock, else
// RuntimeError; with a Lock, which has no owner, that means held by anybody.
// Memory ordering: what the notifier did before notify() is visible to the waiter it woke.
// Invariants:    (I1) places change under the lock alone, but a waiter may mark its own gone.
//                (I2) each change is one store, and a place is taken by its last one, to `owner`;
//                so a killed process leaves none half-changed.
// Non-invariants: that a place's thread lives; settle() and notify() find that out.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <variant>

#include "primitives/base/deadline.h"
#include "primitives/ipc/lock.h"
#include "primitives/ipc/owner.h"
#include "primitives/ipc/rlock.h"
#include "primitives/ipc/shared_futex.h"
#include "primitives/ipc/shared_object.h"

namespace weft::ipc {

class Condition {
 public:
  // At once; one more gets RuntimeError.
  static constexpr std::size_t kMostWaiters = 256;

  Condition() : Condition(RLock()) {}
  explicit Condition(Lock lock) : lock_(std::move(lock)), shared_(Shared::make()) {}
  explicit Condition(RLock lock) : lock_(std::move(lock)), shared_(Shared::make()) {}

  // The lock's own operations; std::unique_lock and std::scoped_lock take a Condition too.
  void acquire();
  [[nodiscard]] bool try_acquire();
  void release();
  [[nodiscard]] bool recover();
  void lock() { acquire(); }
  [[nodiscard]] bool try_lock() { return try_acquire(); }
  void unlock() noexcept { release(); }

  void wait() { (void)wait_before(Deadline::never()); }
  // False if the time is over; zero and less only let others in.
  template <class Rep, class Period>
  bool wait_for(const std::chrono::duration<Rep, Period>& timeout) {
    return wait_before(Deadline::after(timeout));
  }
  template <class Clock, class Duration>
  bool wait_until(const std::chrono::time_point<Clock, Duration>& when) {
    return Deadline::retry_until(when, [this](const Deadline& d) { return wait_before(d); });
  }

  // Waits until `predicate()` is true; returns its last value. It is called with the lock held,
  // first of all before any wait: if it is true then, the lock is not even checked. An exception
  // from it passes through, with the lock held as before.
  template <class Predicate>
  auto wait_while_not(Predicate predicate, const Deadline& deadline = Deadline::never())
      -> decltype(predicate()) {
    auto value = predicate();
    while (!value) {
      const bool woken = wait_before(deadline);
      value = predicate();
      if (!woken) break;
    }
    return value;
  }
  template <class Predicate>
    requires std::predicate<Predicate>
  void wait(Predicate predicate) {
    (void)wait_while_not(std::move(predicate));
  }
  // The whole time-out counts once, however often the predicate is looked at.
  template <class Rep, class Period, class Predicate>
  auto wait_for(const std::chrono::duration<Rep, Period>& timeout, Predicate predicate)
      -> decltype(predicate()) {
    return wait_while_not(std::move(predicate), Deadline::after(timeout));
  }

  void notify(std::size_t count = 1);
  void notify_one() { notify(1); }
  void notify_all() { notify(kMostWaiters); }

  // The same for all handles of one condition; what reports call it by.
  const void* shared_address() const { return shared_.get(); }

 private:
  enum : std::uint32_t { kWaiting, kNotified };
  static constexpr internal::OwnerId kGone = ~internal::OwnerId{0};

  // All operations on places are sequentially consistent; a waiter reads its own without the lock.
  struct Place {
    std::atomic<internal::OwnerId> owner{internal::kNobody};
    internal::SharedWord state{kWaiting};
    std::atomic<std::uint32_t> ticket{0};  // order of arrival
    std::atomic<std::uint32_t> before{0};  // notified: only for tickets below this one
  };
  struct State {
    std::atomic<std::uint32_t> next_ticket{0};
    std::atomic<std::size_t> used{0};  // the places from here on were never taken
    std::array<Place, kMostWaiters> places;
  };
  using Shared = internal::SharedObject<State>;

  bool wait_before(const Deadline& deadline);
  std::span<Place> places() const { return std::span(shared_->places).first(shared_->used); }
  Place& enter();
  bool stay(Place& mine, const Deadline& deadline);
  bool must_act(const Place& mine) const;
  // Whether that one comes no more for its place or its notification.
  static bool is_lost(internal::OwnerId owner) {
    return owner == kGone || internal::is_dead(owner);
  }
  void settle();
  bool pass_on(std::uint32_t before);
  Place* first_waiting(std::uint32_t before) const;
  std::size_t release_save();
  void acquire_restore(std::size_t depth);
  void require_held(const char* operation) const;

  std::variant<Lock, RLock> lock_;
  Shared shared_;
};

}  // namespace weft::ipc
