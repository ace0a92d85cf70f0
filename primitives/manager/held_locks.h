// The locks and meeting points that a manager holds.
//
//   state of a lock | acquire    | release                     | recover
//   free            | takes it   | RuntimeError                | false
//   held            | waits      | frees it (RLock: its owner) | false
//   inconsistent    | OwnerDied  | frees it (not an RLock)     | takes it
//
// Thread safety: every function from any thread.
// Invariants:     (I1) A lock whose holder's session has ended is inconsistent.
//                 (I2) Who waits at a barrier when its session ends breaks it: the others would
//                      wait for ever.
//                 (I3) A permit whose taker's session ended before it knew of it is given back.
//                 (I4) A notification that a session got which has ended goes to another waiter.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "primitives/manager/held_object.h"

namespace weft::ipc::detail {

// Lock, RLock, and the lock of a Condition, which is an RLock.
class HeldLock final : public HeldObject {
 public:
  explicit HeldLock(Kind kind) : HeldObject(kind, {}) {}
  Bytes call(Op op, std::span<const std::byte> arguments, const Caller& caller) override;
  void end_session(const Session& session) override;

 private:
  struct Waiter {
    bool notified = false;
  };

  Taken acquire(const Caller& caller, Patience patience);
  void release(const Caller& caller);
  bool recover(const Caller& caller);
  bool is_held(const Caller&);
  // Whether it was notified, and how taking the lock again ended.
  std::pair<bool, Taken> wait(const Caller& caller, Patience patience);
  void notify(const Caller& caller, std::uint64_t count);

  bool is_recursive() const { return kind != Kind::kLock; }
  Taken take(const Caller& caller, const Deadline& deadline, std::uint64_t depth)
      WEFT_REQUIRES(mutex_);
  void leave() WEFT_REQUIRES(mutex_);
  void require_mine(const Caller& caller, const char* operation) const WEFT_REQUIRES(mutex_);
  void wake(std::uint64_t count) WEFT_REQUIRES(mutex_);

  std::optional<Caller> holder_ WEFT_GUARDED_BY(mutex_);
  std::uint64_t depth_ WEFT_GUARDED_BY(mutex_) = 0;
  bool died_ WEFT_GUARDED_BY(mutex_) = false;
  std::deque<std::shared_ptr<Waiter>> waiters_ WEFT_GUARDED_BY(mutex_);
};

class HeldSemaphore final : public HeldObject {
 public:
  // Throws ValueError for more permits than `most`.
  HeldSemaphore(std::uint64_t permits, std::uint64_t most);
  Bytes call(Op op, std::span<const std::byte> arguments, const Caller& caller) override;
  bool hands_over(Op op) const override { return op == Op::kAcquire; }
  void put_back(const Bytes& reply) override;

 private:
  Taken acquire(const Caller& caller, Patience patience);
  void release(const Caller&, std::uint64_t count);
  std::uint64_t value(const Caller&);

  const std::uint64_t most_;
  std::uint64_t permits_ WEFT_GUARDED_BY(mutex_);
};

class HeldEvent final : public HeldObject {
 public:
  HeldEvent() : HeldObject(Kind::kEvent, {}) {}
  Bytes call(Op op, std::span<const std::byte> arguments, const Caller& caller) override;

 private:
  void set(const Caller&);
  void clear(const Caller&);
  bool is_set(const Caller&);
  bool wait(const Caller& caller, Patience patience);

  bool set_ WEFT_GUARDED_BY(mutex_) = false;
  std::uint64_t times_set_ WEFT_GUARDED_BY(mutex_) = 0;
};

class HeldBarrier final : public HeldObject {
 public:
  // Throws ValueError for none.
  explicit HeldBarrier(std::uint64_t parties);
  Bytes call(Op op, std::span<const std::byte> arguments, const Caller& caller) override;

 private:
  struct Round {
    bool passed = false;
    bool broken = false;
  };

  std::uint64_t wait(const Caller& caller, Patience patience);
  void reset(const Caller&);
  void abort(const Caller&);
  bool is_broken(const Caller&);
  std::uint64_t waiting(const Caller&);

  void break_round() WEFT_REQUIRES(mutex_);

  const std::uint64_t parties_;
  std::shared_ptr<Round> round_ WEFT_GUARDED_BY(mutex_) = std::make_shared<Round>();
  std::uint64_t waiting_ WEFT_GUARDED_BY(mutex_) = 0;
};

}  // namespace weft::ipc::detail
