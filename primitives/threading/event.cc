#include "primitives/threading/event.h"

#include "primitives/annotate.h"

namespace weft {

Event::~Event() {
  annotate::destroyed(this);
  // Whoever saw the event set may destroy it while the set() that did so is still inside.
  internal::MutexLock hold(mutex_);
}

void Event::set() {
  annotate::point("Event::set");
  internal::MutexLock hold(mutex_);
  store_set(true);
  waiters_.notify_all();
}

void Event::clear() {
  internal::MutexLock hold(mutex_);
  store_set(false);
}

bool Event::wait_before(const Deadline& deadline, const std::stop_token& stop) {
  if (load_set()) return true;
  annotate::waiting(this, "Event");
  bool happened = false;
  {
    internal::MutexLock hold(mutex_);
    // A notification is proof enough, the flag may be cleared again. After a time-out the flag
    // decides.
    happened = load_set() ||
               (!deadline.has_passed() &&
                waiters_.wait(mutex_, deadline, stop) == internal::Wake::kNotified) ||
               load_set();
  }
  annotate::released(this, "Event");  // nobody holds an event; the wait is over either way
  return happened;
}

}  // namespace weft
