// Counters, registers and flags, each with one thing wrong: what must be one step is two. Mended,
// they do what they say.
//
// Thread safety: every function from any thread. All is atomic, so no mistake is a data race: only
// the results show it.
// Memory ordering: sequentially consistent throughout; the mistakes are in the steps.
#pragma once

#include <array>
#include <atomic>
#include <mutex>
#include <optional>
#include <utility>

namespace weft::scenarios::specimens::linearizable {

// add() reads and writes in two steps: an addition in between is lost.
template <bool kMended>
class Counter {
 public:
  void add(int number) {
    if constexpr (kMended) {
      value_ += number;
    } else {
      const int seen = value_;
      value_ = seen + number;
    }
  }
  int value() const { return value_; }

 private:
  std::atomic<int> value_{0};
};

// take() reads and clears in two steps: what was added in between is lost.
template <bool kMended>
class Tally {
 public:
  void add() { ++value_; }
  int take() {
    if constexpr (kMended) return value_.exchange(0);
    const int seen = value_;
    value_ = 0;
    return seen;
  }

 private:
  std::atomic<int> value_{0};
};

// next() gives a number that another thread may be given, too.
template <bool kMended>
class Numbers {
 public:
  int next() {
    if constexpr (kMended) return next_++;
    const int number = next_;
    next_ = number + 1;
    return number;
  }

 private:
  std::atomic<int> next_{0};
};

// A pair whose halves are written one after the other: a reader sees half of each.
template <bool kMended>
class Pair {
 public:
  void write(int number) {
    const auto hold = lock();
    first_ = number;
    second_ = number;
  }
  std::pair<int, int> read() const {
    const auto hold = lock();
    const int first = first_;
    return {first, second_};
  }

 private:
  std::unique_lock<std::mutex> lock() const {
    if constexpr (kMended) return std::unique_lock(mutex_);
    return {};
  }
  mutable std::mutex mutex_;
  std::atomic<int> first_{0};
  std::atomic<int> second_{0};
};

// Two copies, of which read() takes the one and the other in turn: after a new value it may give
// the old one.
template <bool kMended>
class Copies {
 public:
  void write(int number) {
    copies_[0] = number;
    copies_[1] = number;
  }
  int read() { return copies_[kMended ? 0 : turn_++ % 2]; }

 private:
  std::array<std::atomic<int>, 2> copies_{};
  std::atomic<unsigned> turn_{0};
};

// raise() compares and writes in two steps: a higher number in between is lost.
template <bool kMended>
class Highest {
 public:
  void raise(int number) {
    int seen = value_;
    if constexpr (kMended) {
      while (seen < number && !value_.compare_exchange_weak(seen, number)) {
      }
    } else if (seen < number) {
      value_ = number;
    }
  }
  int value() const { return value_; }

 private:
  std::atomic<int> value_{0};
};

// change() compares and writes in two steps: two may both succeed.
template <bool kMended>
class Word {
 public:
  bool change(int from, int to) {
    if constexpr (kMended) return value_.compare_exchange_strong(from, to);
    if (value_ != from) return false;
    value_ = to;
    return true;
  }
  int read() const { return value_; }

 private:
  std::atomic<int> value_{0};
};

// Several words that are read one by one: they never had these values together.
template <bool kMended>
class Snapshot {
 public:
  static constexpr int kWords = 2;

  void write(int place, int number) {
    const auto hold = lock();
    words_[static_cast<unsigned>(place)] = number;
  }
  std::array<int, kWords> all() const {
    const auto hold = lock();
    std::array<int, kWords> seen{};
    for (unsigned i = 0; i < kWords; ++i) seen[i] = words_[i];
    return seen;
  }

 private:
  std::unique_lock<std::mutex> lock() const {
    if constexpr (kMended) return std::unique_lock(mutex_);
    return {};
  }
  mutable std::mutex mutex_;
  std::array<std::atomic<int>, kWords> words_{};
};

// A bell that one visitor hears: it is looked at and silenced in two steps, so that two hear it.
template <bool kMended>
class Bell {
 public:
  void ring() { rings_ = true; }
  bool hear() {
    if constexpr (kMended) return rings_.exchange(false);
    if (!rings_) return false;
    rings_ = false;
    return true;
  }

 private:
  std::atomic<bool> rings_{false};
};

// A lazily made value: two threads find none, and make one each.
template <bool kMended>
class Lazy {
 public:
  int get(int mine) {
    int none = 0;
    if constexpr (kMended) return value_.compare_exchange_strong(none, mine) ? mine : none;
    if (value_ == none) value_ = mine;
    return value_;
  }

 private:
  std::atomic<int> value_{0};
};

}  // namespace weft::scenarios::specimens::linearizable
