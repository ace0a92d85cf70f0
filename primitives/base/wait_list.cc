#include "primitives/base/wait_list.h"

#include <optional>

#include "primitives/base/spin.h"

namespace weft::internal {

void Waiter::sleep_until_finished(const Deadline& deadline, Looking looking) {
  if (looking != Looking::kNo && deadline.is_never()) {
    const auto come = [this] { return !is_linked(); };
    if (looking == Looking::kYes ? spin_until(come) : yield_until(come)) return;
  }
  if (!fall_asleep()) return;
  while (state() == kAsleep) {
    if (!futex::wait(state_, kAsleep, deadline)) return;
  }
}

Wake WaitList::wait(Mutex& mutex, Waiter& waiter, const Deadline& deadline,
                    const std::stop_token& stop, Looking looking) {
  enqueue(waiter);
  mutex.unlock();
  return await(mutex, waiter, deadline, stop, looking);
}

void WaitList::enqueue(Waiter& waiter) {
  waiter.previous_ = back_;
  waiter.next_ = nullptr;
  (back_ != nullptr ? back_->next_ : front_) = &waiter;
  back_ = &waiter;
  ++size_;
}

Wake WaitList::await(Mutex& mutex, Waiter& waiter, const Deadline& deadline,
                     const std::stop_token& stop, Looking looking) {
  {
    const auto on_stop = [&] {
      MutexLock hold(mutex);
      if (waiter.is_linked() && finish(waiter, Waiter::kStopped)) {
        futex::wake_one(waiter.state_);
      }
    };
    // Registered and unregistered without the mutex: registering may run on_stop here and now, and
    // unregistering waits for an on_stop that runs elsewhere.
    std::optional<std::stop_callback<decltype(on_stop)>> registration;
    if (stop.stop_possible()) registration.emplace(stop, on_stop);
    waiter.sleep_until_finished(deadline, looking);
  }
  // Taken even if the state is final: the notifier holds it until it is done with the waiter (I2).
  mutex.lock();
  switch (waiter.state()) {
    case Waiter::kNotified:
      return Wake::kNotified;
    case Waiter::kStopped:
      return Wake::kStopped;
    default:
      unlink(waiter);
      return Wake::kTimedOut;
  }
}

std::size_t WaitList::notify(std::size_t count) {
  std::size_t woken = 0;
  while (woken < count && notify_front() != nullptr) ++woken;
  return woken;
}

Waiter* WaitList::notify_front() {
  Waiter* waiter = front_;
  if (waiter != nullptr && finish(*waiter, Waiter::kNotified)) futex::wake_one(waiter->state_);
  return waiter;
}

void WaitList::notify_one(LateWake& late) {
  if (front_ == nullptr) return;
  Waiter& waiter = *front_;
  if (finish(waiter, Waiter::kNotified)) late.word_ = &waiter.state_;
}

void WaitList::unlink(Waiter& waiter) {
  (waiter.previous_ != nullptr ? waiter.previous_->next_ : front_) = waiter.next_;
  (waiter.next_ != nullptr ? waiter.next_->previous_ : back_) = waiter.previous_;
  --size_;
}

bool WaitList::finish(Waiter& waiter, std::uint32_t state) {
  unlink(waiter);
  return waiter.exchange_state(state) == Waiter::kAsleep;
}

}  // namespace weft::internal
