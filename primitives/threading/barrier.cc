#include "primitives/threading/barrier.h"

#include <utility>

#include "primitives/annotate.h"
#include "primitives/base/errors.h"
#include "primitives/base/processors.h"

namespace weft {

// What the thread that ends a round leaves with each that sleeps in it.
struct Barrier::Arrival : internal::Waiter {
  bool complete = false;
};

Barrier::Barrier(std::size_t parties, Action action)
    : parties_(parties), action_(std::move(action)) {
  if (parties == 0) throw ValueError("Barrier: there must be at least one party");
}

Barrier::~Barrier() {
  annotate::destroyed(this);
  internal::MutexLock hold(mutex_);
  while (leaving_ > 0) all_left_.wait(mutex_, Deadline::never());
}

std::size_t Barrier::wait() {
  return wait_before(timeout_seconds_ ? Deadline::after(*timeout_seconds_) : Deadline::never());
}

std::size_t Barrier::wait_before(const Deadline& deadline) {
  annotate::waiting(this, "Barrier");
  Arrival arrival;
  std::size_t index = 0;
  {
    internal::MutexLock hold(mutex_);
    if (!load_broken()) {
      index = arrivals_.size();
      store_waiting(index + 1);
      if (index + 1 == parties_) {
        run_action();
        release_all(true);
        arrival.complete = true;
      } else {
        // A round that was completed or broken meanwhile has notified this thread, whatever the
        // clock says: the state wins.
        const internal::Wake wake = arrivals_.wait(mutex_, arrival, deadline, {}, looking());
        if (wake != internal::Wake::kNotified) {
          break_now();
        } else if (--leaving_ == 0) {
          all_left_.notify_all();
        }
      }
    }
  }
  annotate::released(this, "Barrier");  // nobody holds a barrier; the wait is over either way
  if (!arrival.complete) throw BrokenBarrierError("Barrier::wait: the barrier is broken");
  return index;
}

internal::Looking Barrier::looking() const {
  // With a processor for each, those who are missing are under way.
  return parties_ > internal::processors() ? internal::Looking::kYielding : internal::Looking::kYes;
}

void Barrier::run_action() {
  if (!action_) return;
  try {
    action_();
  } catch (...) {
    annotate::released(this, "Barrier");
    break_now();
    throw;
  }
}

void Barrier::abort() {
  internal::MutexLock hold(mutex_);
  break_now();
}

void Barrier::reset() {
  internal::MutexLock hold(mutex_);
  store_broken(false);
  release_all(false);
}

void Barrier::break_now() {
  store_broken(true);
  release_all(false);
}

void Barrier::release_all(bool complete) {
  while (internal::Waiter* waiter = arrivals_.notify_front()) {
    // Still alive: its thread needs the mutex to leave.
    static_cast<Arrival*>(waiter)->complete = complete;
    ++leaving_;
  }
  store_waiting(0);
}

}  // namespace weft
