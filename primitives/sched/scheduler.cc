#include "primitives/sched/scheduler.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <limits>
#include <new>

#include "primitives/annotate.h"
#include "primitives/base/errors.h"
#include "primitives/base/thread_serial.h"

namespace weft {
namespace {

using internal::EventKey;
using internal::EventSlot;
using internal::EventSlots;
using internal::MutexLock;

// Dead keys, which are those of cancelled events, beside as many as there are live ones.
constexpr std::size_t kDeadKeysSpared = 64;
constexpr const char* kWait = "Scheduler.run";

using TimePoint = Scheduler::TimePoint;
using Duration = Scheduler::Duration;
static_assert(std::is_same_v<Duration, std::chrono::nanoseconds>);

std::int64_t count(TimePoint time) { return time.time_since_epoch().count(); }
TimePoint time_of(const EventKey& key) { return TimePoint(Duration(key.time)); }

Duration between(TimePoint now, TimePoint later) {
  std::int64_t difference = 0;
  if (__builtin_sub_overflow(count(later), count(now), &difference)) return Duration::max();
  return Duration(difference);
}

std::uint64_t next_serial() {
  static std::atomic<std::uint64_t> last{0};
  // relaxed: the number is all that matters.
  return last.fetch_add(1, std::memory_order_relaxed) + 1;
}

// Gives the mutex up for as long as this object lives. (WEFT_RELEASE at the end, too, is how the
// analysis spells "undo what the constructor did".)
class WEFT_SCOPED_CAPABILITY Unlocked {
 public:
  explicit Unlocked(internal::Mutex& mutex) WEFT_RELEASE(mutex) : mutex_(mutex) { mutex_.unlock(); }
  ~Unlocked() WEFT_RELEASE() { mutex_.lock(); }
  Unlocked(const Unlocked&) = delete;
  Unlocked& operator=(const Unlocked&) = delete;

 private:
  internal::Mutex& mutex_;
};

}  // namespace

Scheduler::Scheduler() : Scheduler(nullptr, nullptr) {}

Scheduler::Scheduler(TimeFunction time, DelayFunction delay)
    : serial_(next_serial()), time_(std::move(time)), delay_(std::move(delay)) {
  if (!time_ != !delay_) {
    throw ValueError("Scheduler: a clock needs a delay function that goes with it");
  }
}

Scheduler::~Scheduler() { annotate::destroyed(this); }

TimePoint Scheduler::time_after(long double nanoseconds) const {
  if (std::isnan(nanoseconds)) throw ValueError("Scheduler::enter: a delay must be a number");
  const long double time =
      static_cast<long double>(count(time_ ? time_() : Clock::now())) + std::ceil(nanoseconds);
  constexpr auto kFirst = std::numeric_limits<std::int64_t>::min();
  constexpr auto kLast = std::numeric_limits<std::int64_t>::max();
  if (time <= static_cast<long double>(kFirst)) return TimePoint(Duration(kFirst));
  if (time >= static_cast<long double>(kLast)) return TimePoint(Duration(kLast));
  return TimePoint(Duration(static_cast<std::int64_t>(time)));
}

Scheduler::Event Scheduler::add(TimePoint time, int priority, internal::Action action) {
  annotate::point("Scheduler::enter");
  MutexLock hold(mutex_);
  const std::uint32_t index = slots_.take();
  const std::uint64_t sequence = entered_ + 1;
  try {
    order_.push({count(time), sequence, priority, index});
  } catch (...) {
    slots_.free(index);
    throw;
  }
  entered_ = sequence;
  ++pending_;
  EventSlot& added = slots_[index];
  added.action = std::move(action);
  added.sequence = sequence;
  added.state = EventSlot::State::kPending;
  if (led_ && time < leader_wakes_) leader_.notify_all();
  return Event(serial_, sequence, index);
}

CancelResult Scheduler::cancel(const Event& event) {
  annotate::point("Scheduler::cancel");
  internal::Action withdrawn;  // ends after the mutex is released
  MutexLock hold(mutex_);
  return withdraw(event, withdrawn);
}

CancelResult Scheduler::cancel_and_wait(const Event& event) {
  annotate::point("Scheduler::cancel");
  internal::Action withdrawn;  // ends after the mutex is released
  MutexLock hold(mutex_);
  for (;;) {
    const CancelResult result = withdraw(event, withdrawn);
    if (result != CancelResult::kRunning) return result;
    for (const Runner* runner = runners_; runner != nullptr; runner = runner->next) {
      const bool runs_it = runner->running == event.slot_;
      if (runs_it && runner->thread == internal::this_thread_serial()) return result;
    }
    annotate::waiting(this, "Scheduler.cancel_and_wait");
    ends_.wait(mutex_, Deadline::never());
    annotate::released(this, "Scheduler.cancel_and_wait");
  }
}

CancelResult Scheduler::withdraw(const Event& event, internal::Action& withdrawn) {
  if (event.scheduler_ != serial_) {
    throw ValueError("Scheduler::cancel: the event is not one of this scheduler");
  }
  EventSlot& its = slots_[event.slot_];
  if (its.sequence != event.sequence_) return CancelResult::kTooLate;
  if (its.state == EventSlot::State::kRunning) return CancelResult::kRunning;
  withdrawn = std::move(its.action);
  slots_.free(event.slot_);
  if (--pending_ == 0) nothing_is_pending();
  tidy();
  return CancelResult::kCancelled;
}

// Keeps (I3). What a pass over all keys costs is shared by the cancels since the last one, of which
// there were more than half as many.
void Scheduler::tidy() {
  if (order_.size() <= 2 * pending_ + kDeadKeysSpared) return;
  try {
    order_.remove_if(slots_.is_dead());
  } catch (const std::bad_alloc&) {
    // The next call tries again.
  }
}

std::optional<Duration> Scheduler::run_events(bool blocking, const std::stop_token& stop) {
  MutexLock hold(mutex_);
  Runner runner{runners_, internal::this_thread_serial(), EventSlots::kNone};
  runners_ = &runner;
  try {
    const auto result = run_events(runner, blocking, stop);
    leave(runner);
    return result;
  } catch (...) {
    leave(runner);
    throw;
  }
}

void Scheduler::leave(const Runner& runner) {
  Runner** link = &runners_;
  while (*link != &runner) link = &(*link)->next;
  *link = runner.next;
  pass_on_the_lead();
}

std::optional<Duration> Scheduler::run_events(Runner& runner, bool blocking,
                                              const std::stop_token& stop) {
  TimePoint now = TimePoint::min();
  bool looked = false;  // at the clock, since the last action or sleep
  while (const EventKey* const event = next()) {
    const TimePoint time = time_of(*event);
    if (stop.stop_requested()) return Duration::zero();
    if (time <= now) {
      call_next(runner);
      if (delay_) {
        Unlocked unlocked(mutex_);
        delay_(Duration::zero());
      }
      // A clock of the user's is asked before each event.
      if (time_) now = TimePoint::min();
      looked = false;
    } else if (!looked) {
      now = look_at_clock();  // may give the mutex up
      looked = true;
    } else if (!blocking) {
      return between(now, time);
    } else {
      wait_for(time, now, stop);
      looked = false;
    }
  }
  return std::nullopt;
}

// The earliest pending event; null if none is pending.
const EventKey* Scheduler::next() {
  while (!order_.empty()) {
    // Slots may be anywhere in memory, and the order knows which are needed soon.
    for (const EventKey& soon : order_.prepare()) __builtin_prefetch(&slots_[soon.slot]);
    const EventKey& key = order_.front();
    if (slots_.is_live(key)) return &key;
    order_.pop();
  }
  return nullptr;
}

TimePoint Scheduler::look_at_clock() {
  if (!time_) return Clock::now();
  Unlocked unlocked(mutex_);
  return time_();
}

void Scheduler::wait_for(TimePoint time, TimePoint now, const std::stop_token& stop) {
  if (delay_) {
    Unlocked unlocked(mutex_);
    delay_(between(now, time));
    return;
  }
  annotate::waiting(this, kWait);
  if (led_) {
    followers_.wait(mutex_, Deadline::never(), stop);
  } else {
    annotate::limited(this);
    led_ = true;
    leader_wakes_ = time;
    leader_.wait(mutex_, Deadline::at(time), stop);
    led_ = false;
  }
  annotate::released(this, kWait);  // nobody holds a scheduler; the wait is over
}

// Takes the event that next() has just returned, and calls it without the mutex.
void Scheduler::call_next(Runner& runner) {
  const std::uint32_t index = order_.front().slot;
  order_.pop();
  EventSlot& called = slots_[index];
  called.state = EventSlot::State::kRunning;
  runner.running = index;
  if (--pending_ == 0) {
    nothing_is_pending();
  } else {
    pass_on_the_lead();
  }
  tidy();
  std::exception_ptr error;
  {
    Unlocked unlocked(mutex_);
    try {
      called.action();
    } catch (...) {
      error = std::current_exception();
    }
    called.action.reset();
  }
  slots_.free(index);
  runner.running = EventSlots::kNone;
  ends_.notify_all();
  if (error != nullptr) std::rethrow_exception(error);
}

void Scheduler::pass_on_the_lead() {
  if (!led_) followers_.notify(1);
}

void Scheduler::nothing_is_pending() {
  leader_.notify_all();
  followers_.notify_all();
}

std::size_t Scheduler::size() const {
  MutexLock hold(mutex_);
  return pending_;
}

std::vector<Scheduler::Pending> Scheduler::queue() const {
  std::vector<EventKey> keys;
  {
    MutexLock hold(mutex_);
    keys = order_.keys();
    std::erase_if(keys, slots_.is_dead());
  }
  std::sort(keys.begin(), keys.end());
  std::vector<Pending> events;
  events.reserve(keys.size());
  for (const EventKey& key : keys) {
    events.push_back({time_of(key), key.priority, Event(serial_, key.sequence, key.slot)});
  }
  return events;
}

void Scheduler::check_invariants() const {
  const auto require = [](bool holds, const char* sentence) {
    if (holds) return;
    std::fprintf(stderr, "weft: Scheduler is inconsistent: %s\n", sentence);
    std::abort();
  };
  MutexLock hold(mutex_);
  order_.check_invariants();
  std::size_t alive = 0;
  for (const EventKey& key : order_.keys()) {
    if (!slots_.is_live(key)) continue;
    ++alive;
    require(slots_[key.slot].state == EventSlot::State::kPending, "a key's event is not pending");
  }
  require(order_.size() <= 2 * pending_ + kDeadKeysSpared, "keys of cancelled events pile up");
  require(alive == pending_, "the keys are not those of the pending events");
  std::size_t running = 0;
  for (const Runner* runner = runners_; runner != nullptr; runner = runner->next) {
    if (runner->running == EventSlots::kNone) continue;
    ++running;
    require(slots_[runner->running].state == EventSlot::State::kRunning,
            "an action runs that should not");
  }
  require(slots_.used() == pending_ + running, "a slot is lost");
  require(led_ || leader_.empty(), "a leader sleeps unknown");
}

}  // namespace weft
