// Scheduler: calls functions at given times, in the thread that calls run(), as Python's
// sched.scheduler.
//
// Events come in the order of their times; of equal times the lower priority comes first, and of
// equal priorities the one that was entered first. An action that throws ends the run() that called
// it with that exception; the other events stay, and run() may be called again.
//
// Thread safety: every function from any thread, also from an action; destroy it when no thread is
// inside. Several threads may be in run(): each event is called by one of them, and actions of
// different threads overlap. Actions, their destructors, the clock and the delay function are
// called without a lock held, the latter two from every thread in run().
// Memory ordering: what was done before enter() is visible to the action. What the action did is
// visible after the run() that called it, and after a cancel() that said kTooLate because of it.
// Invariants:     (I1) An event is called at most once, never before its time by the scheduler's
//                      clock, and never after a cancel() that said kCancelled.
//                 (I2) While somebody sleeps in run() for a time to come, one of them, the leader,
//                      sleeps until the earliest event's time or less; the others sleep until the
//                      leader has something else to do.
//                 (I3) Of cancelled events no more than a key is left, and no more of these than
//                      pending events and 64, unless memory is short.
// Non-invariants: empty(), size() and queue() may be out of date by the time they return. An event
//                 whose action runs is not pending: run() returns in other threads meanwhile, if
//                 nothing else is. Memory for as many events as were ever pending at once is kept.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <tuple>
#include <utility>
#include <vector>

#include "primitives/base/deadline.h"
#include "primitives/base/wait_list.h"
#include "primitives/sched/action.h"
#include "primitives/sched/event_order.h"
#include "primitives/sched/event_slots.h"
#include "primitives/threading/timer.h"

namespace weft {

class Scheduler {
 public:
  using Clock = std::chrono::steady_clock;
  using TimePoint = Clock::time_point;
  using Duration = Clock::duration;
  using TimeFunction = std::function<TimePoint()>;
  using DelayFunction = std::function<void(Duration)>;

  // An event that was entered, for cancel(). Equal if and only if they are the same event.
  // Thread safety: a value.
  class Event {
   public:
    Event() = default;  // none: cancel() refuses it
    friend bool operator==(const Event&, const Event&) = default;

   private:
    friend class Scheduler;
    Event(std::uint64_t scheduler, std::uint64_t sequence, std::uint32_t slot)
        : scheduler_(scheduler), sequence_(sequence), slot_(slot) {}

    std::uint64_t scheduler_ = 0;  // no two schedulers of a process have the same
    std::uint64_t sequence_ = 0;
    std::uint32_t slot_ = 0;
  };

  struct Pending {
    TimePoint time;
    int priority;
    Event event;
  };

  // By the steady clock, and with a sleep that an earlier event ends.
  Scheduler();
  // By a clock of the user's. `delay` is called with the time until the next event, may return
  // early or late, and is not told of an event entered meanwhile; and with zero after each action.
  Scheduler(TimeFunction time, DelayFunction delay);
  ~Scheduler();  // what is pending is not called
  Scheduler(const Scheduler&) = delete;
  Scheduler& operator=(const Scheduler&) = delete;

  // Zero, negative delays and times in the past are due at once; a time that the clock cannot
  // express is never due. NaN throws ValueError. Arguments are copied or moved in, as by
  // std::thread.
  template <class Rep, class Period, class F, class... Args>
  Event enter(const std::chrono::duration<Rep, Period>& delay, int priority, F&& function,
              Args&&... args) {
    constexpr long double kNanoseconds =
        1e9L * static_cast<long double>(Period::num) / static_cast<long double>(Period::den);
    return add(time_after(static_cast<long double>(delay.count()) * kNanoseconds), priority,
               action(std::forward<F>(function), std::forward<Args>(args)...));
  }
  template <class F, class... Args>
  Event enterabs(TimePoint time, int priority, F&& function, Args&&... args) {
    return add(time, priority, action(std::forward<F>(function), std::forward<Args>(args)...));
  }

  // kCancelled: the event was pending, and will not be called. kRunning: its action runs now.
  // kTooLate: neither; it was called, or cancelled before. Throws ValueError for an Event that is
  // not of this scheduler. O(1) on average.
  CancelResult cancel(const Event& event);
  // Never says kRunning to another thread than the one that the action runs in: it waits for the
  // action's end, and says kTooLate.
  CancelResult cancel_and_wait(const Event& event);

  // Calls the events in order, sleeping until each one's time, and returns when none is pending.
  void run() { (void)run({}); }
  // Returns true when none is pending, and false once a stop was requested, after the action that
  // runs then. Of a delay function it waits for the return.
  bool run(const std::stop_token& stop) { return !run_events(true, stop).has_value(); }
  // Calls the events that are due, also those that become due meanwhile. Returns the time until the
  // next one; nothing if none is pending.
  std::optional<Duration> run_pending() { return run_events(false, {}); }

  bool empty() const { return size() == 0; }
  std::size_t size() const;
  // The pending events in the order in which they would be called.
  std::vector<Pending> queue() const;

  // Aborts with a sentence if an invariant is broken. For tests; takes long.
  void check_invariants() const;

 private:
  // A call of run(), in the list runners_ as long as it lives.
  struct Runner {
    Runner* next;
    std::uint64_t thread;
    std::uint32_t running;  // the slot whose action it calls, or EventSlots::kNone
  };

  template <class F, class... Args>
  static internal::Action action(F&& function, Args&&... args) {
    if constexpr (sizeof...(Args) == 0) {
      return internal::Action(std::forward<F>(function));
    } else {
      return internal::Action(
          [function = std::decay_t<F>(std::forward<F>(function)),
           arguments = std::tuple<std::decay_t<Args>...>(std::forward<Args>(args)...)]() mutable {
            std::apply(std::move(function), std::move(arguments));
          });
    }
  }
  TimePoint time_after(long double nanoseconds) const;
  Event add(TimePoint time, int priority, internal::Action action);
  std::optional<Duration> run_events(bool blocking, const std::stop_token& stop);
  std::optional<Duration> run_events(Runner& runner, bool blocking, const std::stop_token& stop)
      WEFT_REQUIRES(mutex_);
  const internal::EventKey* next() WEFT_REQUIRES(mutex_);
  TimePoint look_at_clock() WEFT_REQUIRES(mutex_);
  void wait_for(TimePoint time, TimePoint now, const std::stop_token& stop) WEFT_REQUIRES(mutex_);
  void call_next(Runner& runner) WEFT_REQUIRES(mutex_);
  void leave(const Runner& runner) WEFT_REQUIRES(mutex_);
  void tidy() WEFT_REQUIRES(mutex_);
  void pass_on_the_lead() WEFT_REQUIRES(mutex_);
  void nothing_is_pending() WEFT_REQUIRES(mutex_);
  CancelResult withdraw(const Event& event, internal::Action& withdrawn) WEFT_REQUIRES(mutex_);

  const std::uint64_t serial_;
  const TimeFunction time_;    // empty: the steady clock
  const DelayFunction delay_;  // empty: the sleep that is woken

  mutable internal::Mutex mutex_;
  // Keys of cancelled events stay until they come to the front or are too many.
  internal::EventOrder order_ WEFT_GUARDED_BY(mutex_);
  internal::EventSlots slots_ WEFT_GUARDED_BY(mutex_);
  std::size_t pending_ WEFT_GUARDED_BY(mutex_) = 0;
  std::uint64_t entered_ WEFT_GUARDED_BY(mutex_) = 0;

  Runner* runners_ WEFT_GUARDED_BY(mutex_) = nullptr;  // the threads in run(), one entry a call
  bool led_ WEFT_GUARDED_BY(mutex_) = false;           // the leader sleeps
  TimePoint leader_wakes_ WEFT_GUARDED_BY(mutex_);     // if led_
  internal::WaitList leader_ WEFT_GUARDED_BY(mutex_);
  internal::WaitList followers_ WEFT_GUARDED_BY(mutex_);
  internal::WaitList ends_ WEFT_GUARDED_BY(mutex_);  // cancel_and_wait()
};

}  // namespace weft
