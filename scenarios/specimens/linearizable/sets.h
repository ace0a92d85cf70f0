// Sets, maps, locks and their kin, each with one thing wrong. Mended, they do what they say.
//
// Thread safety: every function from any thread. All is atomic or behind a lock, so no mistake is a
// data race: only the results, or who waits for ever, show it.
// Memory ordering: sequentially consistent throughout; the mistakes are in the steps.
#pragma once

#include <array>
#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <map>
#include <mutex>
#include <optional>

namespace weft::scenarios::specimens::linearizable {

// add() looks and adds in two steps: two may add the same, and both say that they did.
template <bool kMended>
class LooksThenAdds {
 public:
  bool add(int key) {
    auto& there = there_[static_cast<unsigned>(key)];
    if constexpr (kMended) return !there.exchange(true);
    if (there) return false;
    there = true;
    return true;
  }
  bool remove(int key) { return there_[static_cast<unsigned>(key)].exchange(false); }
  bool contains(int key) const { return there_[static_cast<unsigned>(key)]; }

 private:
  std::array<std::atomic<bool>, 8> there_{};
};

// remove() looks and removes in two steps: two may remove the same.
template <bool kMended>
class RemovedTwice {
 public:
  bool add(int key) { return !there_[static_cast<unsigned>(key)].exchange(true); }
  bool remove(int key) {
    auto& there = there_[static_cast<unsigned>(key)];
    if constexpr (kMended) return there.exchange(false);
    const bool was_there = there;
    there = false;
    return was_there;
  }

 private:
  std::array<std::atomic<bool>, 8> there_{};
};

// put_if_absent() is a get and a put.
template <bool kMended>
class PutIfAbsent {
 public:
  std::optional<int> put_if_absent(int key, int value) {
    if constexpr (kMended) {
      const std::scoped_lock hold(mutex_);
      const auto [at, is_new] = values_.try_emplace(key, value);
      return is_new ? std::nullopt : std::optional(at->second);
    }
    if (const auto there = get(key)) return there;
    const std::scoped_lock hold(mutex_);
    values_[key] = value;
    return std::nullopt;
  }
  std::optional<int> get(int key) const {
    const std::scoped_lock hold(mutex_);
    const auto at = values_.find(key);
    return at == values_.end() ? std::nullopt : std::optional(at->second);
  }

 private:
  mutable std::mutex mutex_;
  std::map<int, int> values_;
};

// size() counts one bucket after the other: it never was so many.
template <bool kMended>
class CountsBuckets {
 public:
  void add(int key) { (void)set(key, true); }
  void remove(int key) { (void)set(key, false); }
  int size() const {
    std::unique_lock<std::mutex> hold;
    if (kMended) hold = std::unique_lock(mutex_);
    int size = 0;
    for (const auto& there : there_) size += there ? 1 : 0;
    return size;
  }

 private:
  bool set(int key, bool there) {
    const std::scoped_lock hold(mutex_);
    return there_[static_cast<unsigned>(key)].exchange(there);
  }
  mutable std::mutex mutex_;
  std::array<std::atomic<bool>, 4> there_{};
};

// rename() removes and adds in two steps: for a while neither name is there.
template <bool kMended>
class Renamed {
 public:
  void rename(int to) {
    if constexpr (kMended) {
      const std::scoped_lock hold(mutex_);
      there_[name_] = false;
      name_ = static_cast<unsigned>(to);
      there_[name_] = true;
      return;
    }
    const std::scoped_lock renaming(renaming_);
    set(name_, false);
    name_ = static_cast<unsigned>(to);
    set(name_, true);
  }
  bool has_a_name() const {
    const std::scoped_lock hold(mutex_);
    for (const bool there : there_) {
      if (there) return true;
    }
    return false;
  }

 private:
  void set(unsigned name, bool there) {
    const std::scoped_lock hold(mutex_);
    there_[name] = there;
  }
  std::mutex renaming_;
  mutable std::mutex mutex_;
  unsigned name_ = 0;  // guarded by renaming_ or, mended, by mutex_
  std::array<bool, 4> there_{true, false, false, false};
};

// try_acquire() looks and takes in two steps: two are inside.
template <bool kMended>
class TryLock {
 public:
  bool try_acquire() {
    if constexpr (kMended) return !held_.exchange(true);
    if (held_) return false;
    held_ = true;
    return true;
  }
  bool release() { return held_.exchange(false); }

 private:
  std::atomic<bool> held_{false};
};

// A reader looks for a writer, and counts itself in a second step: both are inside.
template <bool kMended>
class TryReadWrite {
 public:
  bool try_read() {
    int seen = state_;
    if constexpr (kMended) {
      while (seen >= 0) {
        if (state_.compare_exchange_weak(seen, seen + 1)) return true;
      }
      return false;
    }
    if (seen < 0) return false;
    state_ = seen + 1;
    return true;
  }
  bool try_write() {
    int free = 0;
    return state_.compare_exchange_strong(free, -1);
  }

 private:
  std::atomic<int> state_{0};  // readers; -1: a writer
};

// try_acquire() looks and counts down in two steps: more permits are out than there are.
template <bool kMended>
class Permits {
 public:
  bool try_acquire() {
    int seen = permits_;
    if constexpr (kMended) {
      while (seen > 0) {
        if (permits_.compare_exchange_weak(seen, seen - 1)) return true;
      }
      return false;
    }
    if (seen == 0) return false;
    --permits_;
    return true;
  }
  void release() { ++permits_; }
  int value() const { return permits_; }

 private:
  std::atomic<int> permits_{1};
};

// release() of several permits wakes one waiter.
template <bool kMended>
class WakesOne {
 public:
  void acquire() {
    std::unique_lock hold(mutex_);
    changed_.wait(hold, [&] { return permits_ > 0; });
    --permits_;
  }
  void release(int permits) {
    const std::scoped_lock hold(mutex_);
    permits_ += permits;
    kMended ? changed_.notify_all() : changed_.notify_one();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int permits_ = 0;
};

// The first one is to run; the flag is looked at and set in two steps, and two are first.
template <bool kMended>
class First {
 public:
  bool is_first() {
    if constexpr (kMended) return !done_.exchange(true);
    if (done_) return false;
    done_ = true;
    return true;
  }

 private:
  std::atomic<bool> done_{false};
};

// A gate that wakes nobody who waits: the condition is turned round.
template <bool kMended>
class Gate {
 public:
  void set() {
    const std::scoped_lock hold(mutex_);
    open_ = true;
    if (kMended || waiting_ == 0) changed_.notify_all();
  }
  void wait() {
    std::unique_lock hold(mutex_);
    ++waiting_;
    changed_.wait(hold, [&] { return open_; });
    --waiting_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int waiting_ = 0;
  bool open_ = false;
};

}  // namespace weft::scenarios::specimens::linearizable
