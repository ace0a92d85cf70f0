#include "primitives/ipc/bounded_semaphore.h"

#include <algorithm>
#include <functional>
#include <string>

#include "primitives/annotate.h"
#include "primitives/base/errors.h"

namespace weft::ipc {
namespace {

constexpr const char* kKind = "ipc::BoundedSemaphore";

bool is_nobody(internal::OwnerId holder) { return holder == internal::kNobody; }

}  // namespace

std::size_t BoundedSemaphore::checked(std::int64_t value) {
  if (value < 0 || value > kMax) {
    throw ValueError("BoundedSemaphore: the value must be from 0 to " + std::to_string(kMax) +
                     ", it is " + std::to_string(value));
  }
  return static_cast<std::size_t>(value);
}

BoundedSemaphore::BoundedSemaphore(std::int64_t value)
    : permits_(internal::SharedArray<Permit>::make(checked(value))),
      state_(internal::SharedObject<State>::make()) {}

class BoundedSemaphore::Hold {
 public:
  explicit Hold(State& state) : state_(state) {
    (void)state_.lock.lock_or_repair(Deadline::never(), [] {});  // (I2)
  }
  ~Hold() { (void)state_.lock.unlock(); }
  Hold(const Hold&) = delete;
  Hold& operator=(const Hold&) = delete;

 private:
  State& state_;
};

template <class Predicate>
bool BoundedSemaphore::change_one(Predicate is_such, internal::OwnerId to) {
  const auto permit =
      std::ranges::find_if(permits_, [&](const Permit& one) { return is_such(one.load()); });
  if (permit == permits_.end()) return false;
  *permit = to;
  return true;
}

bool BoundedSemaphore::take() { return change_one(is_nobody, internal::this_owner()); }

template <class Predicate>
bool BoundedSemaphore::give(Predicate is_such) {
  return change_one(is_such, internal::kNobody);
}

void BoundedSemaphore::tell() {
  ++state_->news;
  if (state_->waiting > 0) (void)internal::wake_shared(internal::low_half(state_->news), 1);
}

bool BoundedSemaphore::acquire_before(const Deadline& deadline) {
  annotate::waiting(shared_address(), kKind);
  if (!deadline.is_never()) annotate::limited(shared_address());
  const Waited waited = wait(deadline);
  if (waited == Waited::kTaken) {
    annotate::acquired(shared_address(), kKind);
    return true;
  }
  annotate::released(shared_address(), kKind);
  if (waited == Waited::kOutOfTime) return false;
  throw OwnerDiedError(
      "BoundedSemaphore::acquire: a holder has died without release(); call recover()");
}

BoundedSemaphore::Waited BoundedSemaphore::wait(const Deadline& deadline) {
  internal::BoundedWait pause;
  bool waits = false;
  bool heard_nothing = true;
  std::uint32_t seen = 0;
  for (;;) {
    {
      const Hold hold(*state_);
      if (waits) --state_->waiting;
      if (take()) return Waited::kTaken;
      if (heard_nothing && internal::is_time_to_ask(shared_address()) &&
          std::ranges::any_of(permits_,
                              [](const Permit& one) { return internal::is_dead(one.load()); })) {
        return Waited::kHolderDied;
      }
      if (deadline.has_passed()) return Waited::kOutOfTime;
      ++state_->waiting;
      waits = true;
      seen = state_->news;
    }
    pause.wait(internal::low_half(state_->news), seen, deadline);
    heard_nothing = state_->news == seen;
  }
}

void BoundedSemaphore::release() {
  annotate::released(shared_address(), kKind);  // before the next holder can report itself
  const Hold hold(*state_);
  const auto is_mine = [me = internal::this_owner()](internal::OwnerId holder) {
    return holder == me;
  };
  if (!give(is_mine) && !give(internal::is_dead) && !give(std::not_fn(is_nobody))) {
    throw ValueError("BoundedSemaphore::release: no permit is taken");
  }
  tell();
}

std::size_t BoundedSemaphore::recover() {
  const Hold hold(*state_);
  std::size_t count = 0;
  for (; give(internal::is_dead); ++count) tell();
  return count;
}

std::int64_t BoundedSemaphore::value() const {
  const Hold hold(*state_);
  return std::ranges::count_if(permits_, [](const Permit& one) { return is_nobody(one.load()); });
}

}  // namespace weft::ipc
