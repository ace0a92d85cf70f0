// The schedulers that are compared, in one shape: enter(time, action), cancel(handle) and run(),
// which calls everything in the order of times. All times are in the past of the steady clock, so
// that nobody waits.
//
// Thread safety: none; weft::Scheduler has its lock all the same, and Boost.Asio's timers have
// theirs.
#pragma once

#if defined(WEFT_HAVE_BOOST) && __has_include(<boost/asio/steady_timer.hpp>)
#define WEFT_HAVE_ASIO 1
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#endif

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <queue>
#include <utility>
#include <vector>

#include "primitives/sched/scheduler.h"

namespace weft::benchmarks {

inline std::chrono::steady_clock::time_point past(std::int64_t nanoseconds) {
  return std::chrono::steady_clock::time_point(std::chrono::nanoseconds(nanoseconds));
}

class WeftScheduler {
 public:
  using Handle = weft::Scheduler::Event;

  template <class F>
  Handle enter(std::int64_t time, F action) {
    return scheduler_.enterabs(past(time), 1, action);
  }
  void cancel(const Handle& handle) { scheduler_.cancel(handle); }
  void run() { scheduler_.run(); }

 private:
  weft::Scheduler scheduler_;
};

// What a textbook would write. It has no way to cancel.
class PriorityQueueOfFunctions {
 public:
  template <class F>
  void enter(std::int64_t time, F action) {
    queue_.push({time, entries_++, action});
  }
  void run() {
    while (!queue_.empty()) {
      // top() is const because the order depends on it; the action does not.
      const auto action = std::move(const_cast<Entry&>(queue_.top()).action);
      queue_.pop();
      action();
    }
  }

 private:
  struct Entry {
    std::int64_t time;
    std::uint64_t entry;
    std::function<void()> action;
    friend bool operator<(const Entry& a, const Entry& b) {
      return a.time != b.time ? b.time < a.time : b.entry < a.entry;
    }
  };

  std::priority_queue<Entry> queue_;
  std::uint64_t entries_ = 0;
};

// What a textbook would write to be able to cancel.
class MapOfFunctions {
  using Map = std::multimap<std::int64_t, std::function<void()>>;

 public:
  using Handle = Map::iterator;

  template <class F>
  Handle enter(std::int64_t time, F action) {
    return map_.emplace(time, action);
  }
  void cancel(Handle handle) { map_.erase(handle); }
  void run() {
    while (!map_.empty()) {
      const auto action = std::move(map_.begin()->second);
      map_.erase(map_.begin());
      action();
    }
  }

 private:
  Map map_;
};

#ifdef WEFT_HAVE_ASIO
// One timer for each event, as Boost.Asio has it.
class AsioTimers {
 public:
  using Handle = boost::asio::steady_timer*;

  template <class F>
  Handle enter(std::int64_t time, F action) {
    const Handle timer = &timers_.emplace_back(io_, past(time));
    timer->async_wait([action](const boost::system::error_code& error) {
      if (!error) action();
    });
    return timer;
  }
  // The timer itself stays, to be used again.
  void cancel(Handle timer) { timer->cancel(); }
  template <class F>
  void enter_again(Handle timer, std::int64_t time, F action) {
    timer->expires_at(past(time));
    timer->async_wait([action](const boost::system::error_code& error) {
      if (!error) action();
    });
  }
  // Lets the handlers of cancelled timers go.
  void settle() {
    io_.poll();
    io_.restart();
  }
  void run() { io_.run(); }

 private:
  boost::asio::io_context io_{1};
  std::deque<boost::asio::steady_timer> timers_;
};
#endif

}  // namespace weft::benchmarks
