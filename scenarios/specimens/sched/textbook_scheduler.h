// A scheduler as a textbook writes it, for specimens to do one thing differently: a heap under a
// lock. Its clock has no time to wait for: run() calls everything in order.
//
// Thread safety: every function from any thread.
#pragma once

#include <algorithm>
#include <chrono>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "primitives/annotate.h"
#include "primitives/threading/lock.h"

namespace weft::scenarios::specimens::sched {

using TimePoint = std::chrono::steady_clock::time_point;

inline TimePoint at(int nanoseconds) { return TimePoint(std::chrono::nanoseconds(nanoseconds)); }

struct TextbookEvent {
  TimePoint time;
  int priority = 0;
  int entry = 0;  // its number among all
  std::function<void()> action;
};

// What a specimen does differently, it does in a class like this.
struct TextbookWays {
  static bool comes_before(const TextbookEvent& a, const TextbookEvent& b) {
    if (a.time != b.time) return a.time < b.time;
    return a.priority != b.priority ? a.priority < b.priority : a.entry < b.entry;
  }
  static bool is_same(const TextbookEvent& a, const TextbookEvent& b) { return a.entry == b.entry; }
  static constexpr bool kCallsUnderTheLock = false;
};

template <class Ways>
class TextbookScheduler {
 public:
  TextbookScheduler() { annotate::named(&lock_, "the scheduler's lock"); }

  TextbookEvent enterabs(TimePoint time, int priority, std::function<void()> action) {
    std::scoped_lock hold(lock_);
    const TextbookEvent event{time, priority, entries_++, std::move(action)};
    heap_.push_back(event);
    std::push_heap(heap_.begin(), heap_.end(), comes_after);
    return event;
  }
  void cancel(const TextbookEvent& event) {
    std::scoped_lock hold(lock_);
    const auto found = std::find_if(heap_.begin(), heap_.end(), [&](const TextbookEvent& each) {
      return Ways::is_same(each, event);
    });
    if (found != heap_.end()) heap_.erase(found);
    std::make_heap(heap_.begin(), heap_.end(), comes_after);
  }
  void run() {
    for (;;) {
      std::unique_lock hold(lock_);
      if (heap_.empty()) return;
      std::pop_heap(heap_.begin(), heap_.end(), comes_after);
      const TextbookEvent event = std::move(heap_.back());
      heap_.pop_back();
      if (!Ways::kCallsUnderTheLock) hold.unlock();
      event.action();
    }
  }

 private:
  static bool comes_after(const TextbookEvent& a, const TextbookEvent& b) {
    return Ways::comes_before(b, a);
  }

  Lock lock_;
  std::vector<TextbookEvent> heap_;  // these two guarded by lock_
  int entries_ = 0;
};

// Empty if the names were called in this order, else a sentence.
inline std::string unless_called(const std::string& wanted, const std::string& called) {
  return called == wanted ? "" : "called were " + called + ", not " + wanted;
}

}  // namespace weft::scenarios::specimens::sched
