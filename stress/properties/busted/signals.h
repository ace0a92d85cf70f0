// Events, barriers, conditions, and what else threads tell each other by, with one mistake each.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "primitives/base/errors.h"
#include "primitives/threading/timer.h"

namespace weft::busted {

// set() and clear() in a row let nobody go.
class EventThatLosesThePulse {
 public:
  void set() {
    std::scoped_lock hold(mutex_);
    set_ = true;
    changed_.notify_all();
  }
  void clear() {
    std::scoped_lock hold(mutex_);
    set_ = false;
  }
  bool is_set() {
    std::scoped_lock hold(mutex_);
    return set_;
  }
  void wait() {
    std::unique_lock hold(mutex_);
    changed_.wait(hold, [&] { return set_; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool set_ = false;
};

// Counts who is inside, and not rounds: a fast thread begins the next round in the one that drains.
class BarrierWithoutGeneration {
 public:
  BarrierWithoutGeneration(std::size_t parties, std::function<void()> action)
      : parties_(parties), action_(std::move(action)) {}
  std::size_t wait() {
    std::unique_lock hold(mutex_);
    const std::size_t index = arrived_++;
    if (arrived_ == parties_) {
      action_();
      all_here_.notify_all();
    } else {
      all_here_.wait(hold, [&] { return arrived_ >= parties_; });
    }
    if (++left_ == parties_) arrived_ = left_ = 0;
    return index;
  }
  void abort() {}

 private:
  const std::size_t parties_;
  const std::function<void()> action_;
  std::mutex mutex_;
  std::condition_variable all_here_;
  std::size_t arrived_ = 0;
  std::size_t left_ = 0;
};

// A condition whose waiters each have a flag of their own, with the mistakes as switches.
template <bool kLastComeFirst, bool kOneAtMost>
class BustedCondition {
 public:
  void lock() { mutex_.lock(); }
  void unlock() { mutex_.unlock(); }
  void wait() {
    bool notified = false;
    line_.push_back(&notified);
    std::unique_lock hold(mutex_, std::adopt_lock);
    changed_.wait(hold, [&] { return notified; });
    (void)hold.release();
  }
  template <class Predicate>
  void wait(Predicate predicate) {
    while (!predicate()) wait();
  }
  void notify(std::size_t count) {
    if (kOneAtMost && count > 1) count = 1;
    for (; count > 0 && !line_.empty(); --count) {
      const auto next = kLastComeFirst ? line_.end() - 1 : line_.begin();
      **next = true;
      line_.erase(next);
    }
    changed_.notify_all();
  }
  void notify_all() { notify(line_.size()); }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<bool*> line_;
};
using ConditionThatWakesTheLast = BustedCondition<true, false>;
using ConditionThatWakesOne = BustedCondition<false, true>;

// One value for all threads.
template <class T>
class ThreadLocalOfAll {
 public:
  T& get() {
    std::scoped_lock hold(mutex_);
    if (!value_) value_.emplace();
    return *value_;
  }
  bool has_value() {
    std::scoped_lock hold(mutex_);
    return value_.has_value();
  }

 private:
  std::mutex mutex_;
  std::optional<T> value_;
};

// start() a second time does nothing and says nothing.
class ThreadThatStartsTwice : public Thread {
 public:
  using Thread::Thread;
  void start() {
    if (ident() == 0) Thread::start();
  }
};

// cancel() says that it cancelled, and cancels nothing.
class TimerThatFiresAnyway : public Timer {
 public:
  using Timer::Timer;
  CancelResult cancel() { return CancelResult::kCancelled; }
};

}  // namespace weft::busted
