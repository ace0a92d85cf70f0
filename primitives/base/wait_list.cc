#include "primitives/base/wait_list.h"

#include <optional>

namespace weft::internal {

void Waiter::sleep_until_finished(const Deadline& deadline) const {
  while (state() == kWaiting) {
    if (!futex::wait(state_, kWaiting, deadline)) return;
  }
}

Wake WaitList::wait(Mutex& mutex, Waiter& waiter, const Deadline& deadline,
                    const std::stop_token& stop) {
  enqueue(waiter);
  mutex.unlock();
  return await(mutex, waiter, deadline, stop);
}

void WaitList::enqueue(Waiter& waiter) {
  waiter.previous_ = back_;
  waiter.next_ = nullptr;
  (back_ != nullptr ? back_->next_ : front_) = &waiter;
  back_ = &waiter;
  ++size_;
}

Wake WaitList::await(Mutex& mutex, Waiter& waiter, const Deadline& deadline,
                     const std::stop_token& stop) {
  {
    const auto on_stop = [&] {
      MutexLock hold(mutex);
      if (waiter.state() == Waiter::kWaiting) finish(waiter, Waiter::kStopped);
    };
    // Registered and unregistered without the mutex: registering may run on_stop here and now, and
    // unregistering waits for an on_stop that runs elsewhere.
    std::optional<std::stop_callback<decltype(on_stop)>> registration;
    if (stop.stop_possible()) registration.emplace(stop, on_stop);
    waiter.sleep_until_finished(deadline);
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
  if (waiter != nullptr) finish(*waiter, Waiter::kNotified);
  return waiter;
}

void WaitList::unlink(Waiter& waiter) {
  (waiter.previous_ != nullptr ? waiter.previous_->next_ : front_) = waiter.next_;
  (waiter.next_ != nullptr ? waiter.next_->previous_ : back_) = waiter.previous_;
  --size_;
}

void WaitList::finish(Waiter& waiter, std::uint32_t state) {
  unlink(waiter);
  waiter.set_state(state);
  futex::wake_one(waiter.state_);
}

}  // namespace weft::internal
