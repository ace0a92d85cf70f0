// Objects that are linearizable and say how far their calls come whatever other threads do, each of
// which waits for another all the same. Mended, they keep what they say.
//
// Thread safety: every function from any thread. All is atomic or behind a lock.
// Memory ordering: sequentially consistent throughout; the mistakes are in the steps.
#pragma once

#include <array>
#include <atomic>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "scenarios/specimens/linearizable/stacks.h"

namespace weft::scenarios::specimens::linearizable {

// The queue of Michael and Scott ("Simple, Fast, and Practical Non-Blocking and Blocking Concurrent
// Queue Algorithms", PODC 1996, figure 1), of nodes that are used once: lock-free. Its tail moves
// in a second step after a node was linked, and whoever comes in between makes that step; here
// nobody helps, and waits for who linked it.
template <bool kMended>
class NobodyHelps {
 public:
  static constexpr unsigned kNodes = 20;  // more than a small program puts

  void put(int item) {
    const unsigned node = ++used_;
    items_[node] = item;
    for (;;) {
      unsigned tail = tail_;
      unsigned next = next_[tail];
      if (next != 0) {
        if (kMended) tail_.compare_exchange_strong(tail, next);
        continue;
      }
      if (!next_[tail].compare_exchange_strong(next, node)) continue;
      tail_.compare_exchange_strong(tail, node);
      return;
    }
  }
  std::optional<int> get() {
    unsigned head = head_;
    for (;;) {
      const unsigned next = next_[head];
      if (next == 0) return std::nullopt;
      if (head_.compare_exchange_strong(head, next)) return items_[next];
    }
  }

 private:
  std::atomic<unsigned> used_{0};
  // Of nodes; the head is the last one that was taken.
  std::atomic<unsigned> head_{0};
  std::atomic<unsigned> tail_{0};
  std::array<std::atomic<unsigned>, kNodes + 1> next_{};  // 0: none
  std::array<std::atomic<int>, kNodes + 1> items_{};
};

// "Lock-free", because it is made of atomics: a flag says that somebody is inside, and the others
// look at it until nobody is.
template <bool kMended>
class SpinsOnAFlag {
 public:
  static constexpr unsigned kNodes = 20;

  void push(int item) {
    const unsigned node = ++used_;
    items_[node] = item;
    change([&](unsigned top) {
      next_[node] = top;
      return node;
    });
  }
  std::optional<int> pop() {
    const unsigned top = change([&](unsigned seen) { return seen == 0 ? 0u : next_[seen].load(); });
    if (top == 0) return std::nullopt;
    return items_[top];
  }

 private:
  // To what `after` makes of it; returns what it was.
  template <class F>
  unsigned change(const F& after) {
    if constexpr (kMended) {
      unsigned seen = top_;
      while (!top_.compare_exchange_strong(seen, after(seen))) {
      }
      return seen;
    }
    while (inside_.exchange(true)) {
      while (inside_) std::this_thread::yield();
    }
    const unsigned seen = top_;
    top_ = after(seen);
    inside_ = false;
    return seen;
  }

  std::atomic<bool> inside_{false};
  std::atomic<unsigned> used_{0};
  std::atomic<unsigned> top_{0};
  std::array<std::atomic<unsigned>, kNodes + 1> next_{};
  std::array<std::atomic<int>, kNodes + 1> items_{};
};

// A queue behind a mutex is right, but not lock-free. Mended, it has one producer and one consumer,
// and needs no lock.
template <bool kMended>
class BehindAMutex {
 public:
  static constexpr unsigned kSlots = 20;

  void put(int item) {
    const auto hold = lock();
    const unsigned tail = tail_;
    slots_[tail] = item;
    tail_ = tail + 1;
  }
  std::optional<int> get() {
    const auto hold = lock();
    const unsigned head = head_;
    if (head == tail_) return std::nullopt;
    const int item = slots_[head];
    head_ = head + 1;
    return item;
  }

 private:
  std::unique_lock<std::mutex> lock() {
    if constexpr (kMended) return {};
    return std::unique_lock(mutex_);
  }
  std::mutex mutex_;
  std::atomic<unsigned> head_{0};
  std::atomic<unsigned> tail_{0};
  std::array<std::atomic<int>, kSlots> slots_{};
};

// Two numbers of one writer that are read together. A reader which sees the writer at work waits
// for it; mended, it takes the version and the numbers from a slot that the writer does not touch.
template <bool kMended>
class WaitsForTheWriter {
 public:
  void write(int number) {
    const unsigned version = version_ + 1;
    if (!kMended) busy_ = true;
    auto& slot = slots_[version % kSlots];
    slot[0] = number;
    slot[1] = number;
    version_ = version;
    if (!kMended) busy_ = false;
  }
  std::pair<int, int> read() {
    for (;;) {
      while (!kMended && busy_) {
      }
      const unsigned version = version_;
      const auto& slot = slots_[version % kSlots];
      const std::pair<int, int> both(slot[0], slot[1]);
      // It may be written again when all slots have had their turn.
      if (version_ - version < kSlots - 1) return both;
    }
  }

 private:
  static constexpr unsigned kSlots = 4;
  std::atomic<bool> busy_{false};
  std::atomic<unsigned> version_{0};
  std::array<std::array<std::atomic<int>, 2>, kSlots> slots_{};
};

// A count that is lock-free, not wait-free: who is overtaken again and again never comes to its
// end.
template <bool kMended>
class TriesAgain {
 public:
  static constexpr unsigned kSteps = 3;

  int next() {
    if constexpr (kMended) return count_.fetch_add(1);
    int seen = count_;
    while (!count_.compare_exchange_strong(seen, seen + 1)) {
    }
    return seen;
  }

 private:
  std::atomic<int> count_{0};
};

}  // namespace weft::scenarios::specimens::linearizable
