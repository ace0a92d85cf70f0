// Stacks and queues of numbers, each with one thing wrong. Mended, they do what they say.
//
// Thread safety: every function from any thread. All is atomic or behind a lock, so no mistake is a
// data race: only the results show it.
// Memory ordering: sequentially consistent throughout; the mistakes are in the steps.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <vector>

namespace weft::scenarios::specimens::linearizable {

// Treiber's stack ("Systems Programming: Coping with Parallelism", 1986), of nodes that are numbers
// and used again. Without a tag a top that has come back passes for one that never changed (ABA).
template <bool kMended>
class ReusedNodes {
 public:
  static constexpr unsigned kNodes = 20;  // more than a small program pushes

  void push(int item) {
    const unsigned node = claim();
    items_[node] = item;
    std::uint64_t seen = top_;
    do next_[node] = node_of(seen);
    while (!top_.compare_exchange_strong(seen, after(seen, node)));
  }
  std::optional<int> pop() {
    std::uint64_t seen = top_;
    while (node_of(seen) != 0) {
      const unsigned node = node_of(seen);
      const unsigned next = next_[node];
      if (!top_.compare_exchange_strong(seen, after(seen, next))) continue;
      const int item = items_[node];
      used_[node] = false;
      return item;
    }
    return std::nullopt;
  }

 private:
  // The number of the node, and above it a tag.
  static unsigned node_of(std::uint64_t top) { return static_cast<unsigned>(top & 0xFF); }
  static std::uint64_t after(std::uint64_t top, unsigned node) {
    return (kMended ? (top & ~std::uint64_t{0xFF}) + 0x100 : 0) | node;
  }
  // The last one that is free.
  unsigned claim() {
    unsigned node = kNodes;
    while (used_[node].exchange(true)) --node;
    return node;
  }

  std::atomic<std::uint64_t> top_{0};
  std::array<std::atomic<bool>, kNodes + 1> used_{};
  std::array<std::atomic<unsigned>, kNodes + 1> next_{};
  std::array<std::atomic<int>, kNodes + 1> items_{};
};

// What the variants below have in common: a vector behind a lock, the oldest item first.
class Items {
 public:
  static constexpr std::size_t kRoom = 2;

 protected:
  using Hold = std::scoped_lock<std::mutex>;
  std::optional<int> last() const {
    if (items_.empty()) return std::nullopt;
    return items_.back();
  }
  std::optional<int> first() const {
    if (items_.empty()) return std::nullopt;
    return items_.front();
  }
  std::optional<int> take_last() {
    const auto item = last();
    if (item) items_.pop_back();
    return item;
  }
  std::optional<int> take_first() {
    const auto item = first();
    if (item) items_.erase(items_.begin());
    return item;
  }
  mutable std::mutex mutex_;
  std::vector<int> items_;  // guarded by mutex_
};

// pop() looks at the top and removes it in two steps: two get the same item, and one is lost.
template <bool kMended>
class PeekThenPop : public Items {
 public:
  void push(int item) {
    const Hold hold(mutex_);
    items_.push_back(item);
  }
  std::optional<int> pop() {
    if constexpr (kMended) {
      const Hold hold(mutex_);
      return take_last();
    }
    const std::optional<int> item = peek();
    const Hold hold(mutex_);
    (void)take_last();
    return item;
  }

 private:
  std::optional<int> peek() const {
    const Hold hold(mutex_);
    return last();
  }
};

// Takes the oldest, as a queue does. One thread sees it.
template <bool kMended>
class OldestFirst : public Items {
 public:
  void push(int item) {
    const Hold hold(mutex_);
    items_.push_back(item);
  }
  std::optional<int> pop() {
    const Hold hold(mutex_);
    return kMended ? take_last() : take_first();
  }
};

// size() is counted outside of the lock: an item can be popped before it counts.
template <bool kMended>
class CountedLater : public Items {
 public:
  void push(int item) {
    {
      const Hold hold(mutex_);
      items_.push_back(item);
      if (kMended) ++size_;
    }
    if (!kMended) ++size_;
  }
  std::optional<int> pop() {
    const Hold hold(mutex_);
    const auto item = take_last();
    if (item) --size_;
    return item;
  }
  int size() const {
    const Hold hold(mutex_);
    return size_;
  }

 private:
  std::atomic<int> size_{0};
};

// pop_two() lets others in between the first and the second.
template <bool kMended>
class TwoByTwo : public Items {
 public:
  void push(int item) {
    const Hold hold(mutex_);
    items_.push_back(item);
  }
  std::vector<int> pop_two() {
    std::vector<int> both;
    std::unique_lock hold(mutex_);
    while (both.size() < 2 && !items_.empty()) {
      both.push_back(*take_last());
      if (kMended) continue;
      hold.unlock();
      hold.lock();
    }
    return both;
  }
};

// Links a new top by a store: one that came in between is lost.
template <bool kMended>
class StoredTop {
 public:
  static constexpr int kNodes = 20;

  void push(int item) {
    const unsigned node = ++used_;
    items_[node] = item;
    unsigned seen = top_;
    if constexpr (kMended) {
      do next_[node] = seen;
      while (!top_.compare_exchange_strong(seen, node));
    } else {
      next_[node] = seen;
      top_ = node;
    }
  }
  std::optional<int> pop() {
    unsigned seen = top_;
    while (seen != 0 && !top_.compare_exchange_strong(seen, next_[seen])) {
    }
    if (seen == 0) return std::nullopt;
    return items_[seen];
  }

 private:
  std::atomic<unsigned> used_{0};
  std::atomic<unsigned> top_{0};
  std::array<std::atomic<unsigned>, kNodes + 1> next_{};
  std::array<std::atomic<int>, kNodes + 1> items_{};
};

}  // namespace weft::scenarios::specimens::linearizable
