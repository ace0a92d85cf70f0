#include "primitives/manager/held_locks.h"

#include <algorithm>

#include "primitives/base/errors.h"

namespace weft::ipc::detail {

using weft::internal::MutexLock;

Bytes HeldLock::call(Op op, std::span<const std::byte> arguments, const Caller& caller) {
  switch (op) {
    case Op::kAcquire:
      return answer(&HeldLock::acquire, caller, arguments);
    case Op::kRelease:
      return answer(&HeldLock::release, caller, arguments);
    case Op::kRecover:
      return answer(&HeldLock::recover, caller, arguments);
    case Op::kIsHeld:
      return answer(&HeldLock::is_held, caller, arguments);
    case Op::kWait:
      return answer(&HeldLock::wait, caller, arguments);
    case Op::kNotify:
      return answer(&HeldLock::notify, caller, arguments);
    default:
      refuse(op);
  }
}

Taken HeldLock::take(const Caller& caller, const Deadline& deadline, std::uint64_t depth) {
  while (holder_ || died_) {
    if (died_) return Taken::kOwnerDied;
    if (!wait_for_change(deadline, caller)) return Taken::kOutOfTime;
  }
  // Else end_session() might have been here already.
  if (caller.session->ended) throw ClientGone();
  holder_ = caller;
  depth_ = depth;
  return Taken::kTaken;
}

void HeldLock::leave() {
  holder_.reset();
  died_ = false;
  changed();
}

void HeldLock::require_mine(const Caller& caller, const char* operation) const {
  if (holder_ != caller) {
    throw RuntimeError(std::string("manager: ") + operation + " of a lock that the caller does " +
                       "not hold");
  }
}

Taken HeldLock::acquire(const Caller& caller, Patience patience) {
  const Deadline deadline = deadline_of(patience);
  MutexLock hold(mutex_);
  if (is_recursive() && holder_ == caller) {
    ++depth_;
    return Taken::kTaken;
  }
  return take(caller, deadline, 1);
}

void HeldLock::release(const Caller& caller) {
  MutexLock hold(mutex_);
  if (is_recursive()) {
    require_mine(caller, "release");
    if (--depth_ > 0) return;
  } else if (!holder_ && !died_) {
    throw RuntimeError("manager: release of a lock that nobody holds");
  }
  leave();
}

bool HeldLock::recover(const Caller& caller) {
  MutexLock hold(mutex_);
  if (!died_) return false;
  if (caller.session->ended) throw ClientGone();
  died_ = false;
  holder_ = caller;
  depth_ = 1;
  return true;
}

bool HeldLock::is_held(const Caller&) {
  MutexLock hold(mutex_);
  return holder_ || died_;
}

void HeldLock::wake(std::uint64_t count) {
  for (; count > 0 && !waiters_.empty(); --count) {
    waiters_.front()->notified = true;
    waiters_.pop_front();
  }
  changed();
}

std::pair<bool, Taken> HeldLock::wait(const Caller& caller, Patience patience) {
  const Deadline deadline = deadline_of(patience);
  MutexLock hold(mutex_);
  if (kind != Kind::kCondition) refuse(Op::kWait);
  require_mine(caller, "wait");
  const std::uint64_t depth = depth_;
  const auto waiter = std::make_shared<Waiter>();
  waiters_.push_back(waiter);
  leave();
  try {
    while (!waiter->notified && wait_for_change(deadline, caller)) {
    }
    std::erase(waiters_, waiter);
    return {waiter->notified, take(caller, Deadline::never(), depth)};
  } catch (const ClientGone&) {
    std::erase(waiters_, waiter);
    if (waiter->notified) wake(1);
    throw;
  }
}

void HeldLock::notify(const Caller& caller, std::uint64_t count) {
  MutexLock hold(mutex_);
  if (kind != Kind::kCondition) refuse(Op::kNotify);
  require_mine(caller, "notify");
  wake(count);
}

void HeldLock::end_session(const Session& session) {
  MutexLock hold(mutex_);
  if (holder_ && holder_->session.get() == &session) {
    holder_.reset();
    died_ = true;
  }
  changed();
}

Bytes HeldSemaphore::call(Op op, std::span<const std::byte> arguments, const Caller& caller) {
  switch (op) {
    case Op::kAcquire:
      return answer(&HeldSemaphore::acquire, caller, arguments);
    case Op::kRelease:
      return answer(&HeldSemaphore::release, caller, arguments);
    case Op::kGet:
      return answer(&HeldSemaphore::value, caller, arguments);
    default:
      refuse(op);
  }
}

Taken HeldSemaphore::acquire(const Caller& caller, Patience patience) {
  const Deadline deadline = deadline_of(patience);
  MutexLock hold(mutex_);
  while (permits_ == 0) {
    if (!wait_for_change(deadline, caller)) return Taken::kOutOfTime;
  }
  if (caller.session->ended) throw ClientGone();
  --permits_;
  return Taken::kTaken;
}

void HeldSemaphore::put_back(const Bytes& reply) {
  if (decode<Taken>(reply) != Taken::kTaken) return;
  MutexLock hold(mutex_);
  ++permits_;
  changed();
}

void HeldSemaphore::release(const Caller&, std::uint64_t count) {
  MutexLock hold(mutex_);
  if (count > most_ - permits_) {
    throw ValueError("manager: a semaphore would get more permits than it may have");
  }
  permits_ += count;
  changed();
}

std::uint64_t HeldSemaphore::value(const Caller&) {
  MutexLock hold(mutex_);
  return permits_;
}

Bytes HeldEvent::call(Op op, std::span<const std::byte> arguments, const Caller& caller) {
  switch (op) {
    case Op::kSet:
      return answer(&HeldEvent::set, caller, arguments);
    case Op::kClear:
      return answer(&HeldEvent::clear, caller, arguments);
    case Op::kGet:
      return answer(&HeldEvent::is_set, caller, arguments);
    case Op::kWait:
      return answer(&HeldEvent::wait, caller, arguments);
    default:
      refuse(op);
  }
}

void HeldEvent::set(const Caller&) {
  MutexLock hold(mutex_);
  set_ = true;
  ++times_set_;
  changed();
}

void HeldEvent::clear(const Caller&) {
  MutexLock hold(mutex_);
  set_ = false;
}

bool HeldEvent::is_set(const Caller&) {
  MutexLock hold(mutex_);
  return set_;
}

bool HeldEvent::wait(const Caller& caller, Patience patience) {
  const Deadline deadline = deadline_of(patience);
  MutexLock hold(mutex_);
  // It may be cleared again by the time that this thread has its turn.
  const std::uint64_t before = times_set_;
  while (!set_ && times_set_ == before) {
    if (!wait_for_change(deadline, caller)) return false;
  }
  return true;
}

HeldSemaphore::HeldSemaphore(std::uint64_t permits, std::uint64_t most)
    : HeldObject(Kind::kSemaphore, {}), most_(most), permits_(permits) {
  if (permits > most) throw ValueError("manager: a semaphore with more permits than it may have");
}

HeldBarrier::HeldBarrier(std::uint64_t parties)
    : HeldObject(Kind::kBarrier, {}), parties_(parties) {
  if (parties == 0) throw ValueError("manager: a barrier of no parties");
}

Bytes HeldBarrier::call(Op op, std::span<const std::byte> arguments, const Caller& caller) {
  switch (op) {
    case Op::kWait:
      return answer(&HeldBarrier::wait, caller, arguments);
    case Op::kReset:
      return answer(&HeldBarrier::reset, caller, arguments);
    case Op::kAbort:
      return answer(&HeldBarrier::abort, caller, arguments);
    case Op::kIsBroken:
      return answer(&HeldBarrier::is_broken, caller, arguments);
    case Op::kSize:
      return answer(&HeldBarrier::waiting, caller, arguments);
    default:
      refuse(op);
  }
}

void HeldBarrier::break_round() {
  round_->broken = true;
  waiting_ = 0;
  changed();
}

std::uint64_t HeldBarrier::wait(const Caller& caller, Patience patience) {
  const Deadline deadline = deadline_of(patience);
  const auto broken = [] { return BrokenBarrierError("manager: the barrier is broken"); };
  MutexLock hold(mutex_);
  if (round_->broken) throw broken();
  const std::shared_ptr<Round> round = round_;
  const std::uint64_t place = waiting_++;
  if (waiting_ == parties_) {
    round->passed = true;
    round_ = std::make_shared<Round>();
    waiting_ = 0;
    changed();
    return place;
  }
  try {
    while (!round->passed && !round->broken) {
      if (!wait_for_change(deadline, caller)) break_round();
    }
  } catch (const ClientGone&) {
    if (!round->passed && !round->broken) break_round();
    throw;
  }
  if (round->broken) throw broken();
  return place;
}

void HeldBarrier::reset(const Caller&) {
  MutexLock hold(mutex_);
  break_round();
  round_ = std::make_shared<Round>();
}

void HeldBarrier::abort(const Caller&) {
  MutexLock hold(mutex_);
  break_round();
}

bool HeldBarrier::is_broken(const Caller&) {
  MutexLock hold(mutex_);
  return round_->broken;
}

std::uint64_t HeldBarrier::waiting(const Caller&) {
  MutexLock hold(mutex_);
  return waiting_;
}

}  // namespace weft::ipc::detail
