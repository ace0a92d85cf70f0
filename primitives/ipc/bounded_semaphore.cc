#include "primitives/ipc/bounded_semaphore.h"

#include <algorithm>
#include <string>

#include "primitives/annotate.h"
#include "primitives/base/errors.h"

namespace weft::ipc {
namespace {

constexpr const char* kKind = "ipc::BoundedSemaphore";

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

bool BoundedSemaphore::change_one(internal::OwnerId from, internal::OwnerId to) {
  const auto permit =
      std::ranges::find_if(permits_, [from](const Permit& one) { return one == from; });
  if (permit == permits_.end()) return false;
  *permit = to;
  return true;
}

bool BoundedSemaphore::take() { return change_one(internal::kNobody, internal::this_owner()); }

bool BoundedSemaphore::give(internal::OwnerId holder) {
  return change_one(holder, internal::kNobody);
}

bool BoundedSemaphore::give_anybodys(bool of_the_dead) {
  return std::ranges::any_of(permits_, [&](const Permit& permit) {
    const internal::OwnerId holder = permit;
    return holder != internal::kNobody && (!of_the_dead || !internal::is_alive(holder)) &&
           give(holder);
  });
}

bool BoundedSemaphore::has_dead_holder() const {
  return std::ranges::any_of(permits_, [](const Permit& permit) {
    const internal::OwnerId holder = permit;
    return holder != internal::kNobody && !internal::is_alive(holder);
  });
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
      if (heard_nothing && internal::is_time_to_ask(shared_address()) && has_dead_holder()) {
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
  if (!give(internal::this_owner()) && !give_anybodys(true) && !give_anybodys(false)) {
    throw ValueError("BoundedSemaphore::release: no permit is taken");
  }
  tell();
}

std::size_t BoundedSemaphore::recover() {
  const Hold hold(*state_);
  std::size_t count = 0;
  for (; give_anybodys(true); ++count) tell();
  return count;
}

std::int64_t BoundedSemaphore::value() const {
  const Hold hold(*state_);
  return std::ranges::count_if(permits_,
                               [](const Permit& one) { return one == internal::kNobody; });
}

}  // namespace weft::ipc
