// Proxies for locks and meeting points in a manager.
//
// The holder of a lock is a thread of a process. When its process ends, however, the lock is
// inconsistent: every acquire throws OwnerDiedError, those that wait already and those to come,
// until somebody calls recover(), which takes the lock (primitives/ipc/lock.h tells more). Whoever
// waits at a barrier when its process ends breaks it. A semaphore has no holder: the permits of a
// process that ends are lost.
//
// Thread safety: every function from any thread of any process.
// Non-invariants: a thread that ends leaves its locks held, as long as its process lives.
// Memory ordering: what was done before release(), set(), notify() or the barrier's last wait() is
// visible to whose acquire or wait returns because of it.
// Throw, all: ManagerGoneError, NoSuchObjectError.
#pragma once

#include <chrono>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>

#include "primitives/ipc/ipc_errors.h"
#include "primitives/manager/managed_object.h"

namespace weft::ipc {

template <detail::Kind kind>
class ManagedMutex : public ManagedObject {
 public:
  explicit ManagedMutex(std::shared_ptr<const Reference> reference)
      : ManagedObject(std::move(reference), kKind, type()) {}
  static constexpr detail::Kind kKind = kind;
  static std::string type() { return {}; }

  // Throw OwnerDiedError.
  void acquire() const { (void)acquire_within(detail::kForEver); }
  [[nodiscard]] bool try_acquire() const { return acquire_within(0); }
  template <class Rep, class Period>
  [[nodiscard]] bool acquire_for(const std::chrono::duration<Rep, Period>& timeout) const {
    return acquire_within(patience(timeout));
  }
  // Throws RuntimeError if it is not held; an RLock, if the caller does not hold it.
  void release() const { ask(detail::Op::kRelease); }
  // Takes the lock if its holder has ended. False, and not taken, if not.
  [[nodiscard]] bool recover() const { return ask<bool>(detail::Op::kRecover); }
  // Whether it is held or inconsistent.
  bool locked() const { return ask<bool>(detail::Op::kIsHeld); }

  // The shape of the standard's Lockable. unlock() ends the program where release() would throw.
  void lock() const { acquire(); }
  [[nodiscard]] bool try_lock() const { return try_acquire(); }
  void unlock() const noexcept { release(); }

 private:
  bool acquire_within(detail::Patience patience) const {
    return detail::is_taken(ask_waiting<detail::Taken>(detail::Op::kAcquire, patience));
  }
};

// Anybody may release it.
using ManagedLock = ManagedMutex<detail::Kind::kLock>;
// Its holder may acquire it again, and releases it as often.
using ManagedRLock = ManagedMutex<detail::Kind::kRLock>;

// With an RLock of its own.
class ManagedCondition : public ManagedMutex<detail::Kind::kCondition> {
 public:
  using ManagedMutex::ManagedMutex;

  // Need the lock, else RuntimeError. The wait gives it up, whatever its depth, and takes it back;
  // throws OwnerDiedError, without the lock, if its holder ended meanwhile.
  void wait() const { (void)wait_within(detail::kForEver); }
  // False if the time is over.
  template <class Rep, class Period>
  bool wait_for(const std::chrono::duration<Rep, Period>& timeout) const {
    return wait_within(patience(timeout));
  }
  template <class Predicate>
  void wait(Predicate predicate) const {
    while (!predicate()) wait();
  }
  void notify(std::uint64_t count = 1) const { ask(detail::Op::kNotify, count); }
  void notify_all() const { notify(std::numeric_limits<std::uint64_t>::max()); }

 private:
  bool wait_within(detail::Patience patience) const {
    const auto [notified, taken] =
        ask_waiting<std::pair<bool, detail::Taken>>(detail::Op::kWait, patience);
    (void)detail::is_taken(taken);
    return notified;
  }
};

class ManagedSemaphore : public ManagedObject {
 public:
  explicit ManagedSemaphore(std::shared_ptr<const Reference> reference)
      : ManagedObject(std::move(reference), kKind, type()) {}
  static constexpr detail::Kind kKind = detail::Kind::kSemaphore;
  static std::string type() { return {}; }

  void acquire() const { (void)acquire_within(detail::kForEver); }
  [[nodiscard]] bool try_acquire() const { return acquire_within(0); }
  template <class Rep, class Period>
  [[nodiscard]] bool acquire_for(const std::chrono::duration<Rep, Period>& timeout) const {
    return acquire_within(patience(timeout));
  }
  // Throws ValueError if it would get more permits than it may have.
  void release(std::uint64_t count = 1) const { ask(detail::Op::kRelease, count); }
  std::uint64_t value() const { return ask<std::uint64_t>(detail::Op::kGet); }

 private:
  bool acquire_within(detail::Patience patience) const {
    return detail::is_taken(fetch<detail::Taken>(detail::Op::kAcquire, patience));
  }
};

class ManagedEvent : public ManagedObject {
 public:
  explicit ManagedEvent(std::shared_ptr<const Reference> reference)
      : ManagedObject(std::move(reference), kKind, type()) {}
  static constexpr detail::Kind kKind = detail::Kind::kEvent;
  static std::string type() { return {}; }

  // Wakes all that wait, though it be cleared at once.
  void set() const { ask(detail::Op::kSet); }
  void clear() const { ask(detail::Op::kClear); }
  bool is_set() const { return ask<bool>(detail::Op::kGet); }
  void wait() const { (void)ask_waiting<bool>(detail::Op::kWait, detail::kForEver); }
  // False if the time is over.
  template <class Rep, class Period>
  bool wait_for(const std::chrono::duration<Rep, Period>& timeout) const {
    return ask_waiting<bool>(detail::Op::kWait, patience(timeout));
  }
};

class ManagedBarrier : public ManagedObject {
 public:
  explicit ManagedBarrier(std::shared_ptr<const Reference> reference)
      : ManagedObject(std::move(reference), kKind, type()) {}
  static constexpr detail::Kind kKind = detail::Kind::kBarrier;
  static std::string type() { return {}; }

  // Until all parties wait. Each gets another number, from 0. Throws BrokenBarrierError; a time-out
  // breaks it for all.
  std::uint64_t wait() const { return wait_within(detail::kForEver); }
  template <class Rep, class Period>
  std::uint64_t wait_for(const std::chrono::duration<Rep, Period>& timeout) const {
    return wait_within(patience(timeout));
  }
  // Those that wait get BrokenBarrierError; afterwards it is as new.
  void reset() const { ask(detail::Op::kReset); }
  void abort() const { ask(detail::Op::kAbort); }
  bool broken() const { return ask<bool>(detail::Op::kIsBroken); }
  std::uint64_t n_waiting() const { return ask<std::uint64_t>(detail::Op::kSize); }

 private:
  std::uint64_t wait_within(detail::Patience patience) const {
    return ask_waiting<std::uint64_t>(detail::Op::kWait, patience);
  }
};

}  // namespace weft::ipc
