// Locks, semaphores and a counter with one mistake each, for the tests of the properties. They wait
// with the standard library, so that the mistake is theirs alone, and have the operations that
// their vocabulary uses.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <thread>
#include <utility>

#include "primitives/annotate.h"
#include "primitives/base/errors.h"

namespace weft::busted {

// release() wakes nobody.
class LockThatWakesNobody {
 public:
  void acquire() {
    std::unique_lock hold(mutex_);
    free_.wait(hold, [&] { return !held_; });
    held_ = true;
  }
  bool try_acquire() {
    std::scoped_lock hold(mutex_);
    return !std::exchange(held_, true);
  }
  void release() {
    std::scoped_lock hold(mutex_);
    if (!std::exchange(held_, false)) throw RuntimeError("release of what is not held");
  }
  bool locked() {
    std::scoped_lock hold(mutex_);
    return held_;
  }
  void lock() { acquire(); }
  bool try_lock() { return try_acquire(); }
  void unlock() { release(); }

 private:
  std::mutex mutex_;
  std::condition_variable free_;
  bool held_ = false;
};

// Looks and takes in two steps: two threads may find it free.
class LockThatLooksBeforeItTakes {
 public:
  void lock() {
    while (!try_lock()) std::this_thread::yield();
  }
  bool try_lock() {
    if (held_.load()) return false;
    annotate::point("between the look and the taking");
    std::this_thread::yield();
    held_.store(true);
    return true;
  }
  void unlock() { held_.store(false); }

 private:
  std::atomic<bool> held_{false};
};

// The first release() frees it, however often it was acquired.
class RLockWithoutDepth {
 public:
  void acquire() {
    std::unique_lock hold(mutex_);
    free_.wait(hold, [&] { return !held_ || owner_ == std::this_thread::get_id(); });
    held_ = true;
    owner_ = std::this_thread::get_id();
    ++depth_;
  }
  bool try_acquire() {
    std::scoped_lock hold(mutex_);
    if (held_ && owner_ != std::this_thread::get_id()) return false;
    held_ = true;
    owner_ = std::this_thread::get_id();
    ++depth_;
    return true;
  }
  void release() {
    std::scoped_lock hold(mutex_);
    if (!held_ || owner_ != std::this_thread::get_id()) throw RuntimeError("not the owner");
    held_ = false;
    depth_ = 0;
    free_.notify_one();
  }
  std::size_t recursion_count() {
    std::scoped_lock hold(mutex_);
    return held_ && owner_ == std::this_thread::get_id() ? depth_ : 0;
  }
  void lock() { acquire(); }
  void unlock() {
    std::scoped_lock hold(mutex_);
    held_ = --depth_ > 0;
    if (!held_) free_.notify_one();
  }

 private:
  std::mutex mutex_;
  std::condition_variable free_;
  bool held_ = false;
  std::thread::id owner_;
  std::size_t depth_ = 0;
};

// What a semaphore needs, with the mistakes as switches.
template <bool kLooksAgain, bool kWakesAll, bool kIsBounded>
class BustedSemaphore {
 public:
  explicit BustedSemaphore(std::ptrdiff_t value) : value_(value), initial_(value) {}
  void acquire() {
    std::unique_lock hold(mutex_);
    if constexpr (kLooksAgain) {
      more_.wait(hold, [&] { return value_ > 0; });
    } else if (value_ <= 0) {
      more_.wait(hold);
    }
    --value_;
  }
  bool try_acquire() {
    std::scoped_lock hold(mutex_);
    if (value_ <= 0) return false;
    --value_;
    return true;
  }
  void release(std::ptrdiff_t count = 1) {
    std::scoped_lock hold(mutex_);
    value_ += count;
    if (kIsBounded && value_ > initial_) throw ValueError("beyond the initial value");
    kWakesAll ? more_.notify_all() : more_.notify_one();
  }
  std::ptrdiff_t value() {
    std::scoped_lock hold(mutex_);
    return value_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable more_;
  std::ptrdiff_t value_;
  const std::ptrdiff_t initial_;
};

// A woken thread takes a permit without looking whether it is still there.
class SemaphoreThatTakesUnchecked : public BustedSemaphore<false, true, false> {
 public:
  using BustedSemaphore::BustedSemaphore;
};
// release(n) wakes one thread.
class SemaphoreThatWakesOne : public BustedSemaphore<true, false, false> {
 public:
  using BustedSemaphore::BustedSemaphore;
};
// A release() that is refused has counted.
class BoundedSemaphoreThatCountsWhatItRefuses : public BustedSemaphore<true, true, true> {
 public:
  using BustedSemaphore::BustedSemaphore;
};

// Reads and writes in two steps.
class CounterWithoutLock {
 public:
  void incr(std::int64_t delta) {
    const std::int64_t seen = value_.load();
    annotate::point("between the read and the write");
    std::this_thread::yield();
    value_.store(seen + delta);
  }
  void decr(std::int64_t delta) { incr(-delta); }
  std::int64_t value() const { return value_.load(); }

 private:
  std::atomic<std::int64_t> value_{0};
};

}  // namespace weft::busted
