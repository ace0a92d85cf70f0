// Queues of numbers, each with one thing wrong. Mended, they do what they say.
//
// Thread safety: every function from any thread. All is atomic or behind a lock, so no mistake is a
// data race: only the results show it.
// Memory ordering: sequentially consistent throughout; the mistakes are in the steps.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "scenarios/specimens/linearizable/stacks.h"

namespace weft::scenarios::specimens::linearizable {

inline constexpr unsigned kSlots = 20;  // more than a small program puts

// Two producers take the same slot: the tail is read and moved in two steps, and an item is lost.
template <bool kMended>
class SharedSlot {
 public:
  void put(int item) {
    std::unique_lock<std::mutex> hold;
    if (kMended) hold = std::unique_lock(mutex_);
    const unsigned slot = tail_;
    slots_[slot] = item;
    tail_ = slot + 1;
  }
  std::optional<int> get() {
    const std::scoped_lock hold(mutex_);
    if (head_ == tail_) return std::nullopt;
    return slots_[head_++];
  }

 private:
  std::mutex mutex_;
  std::atomic<unsigned> head_{0};
  std::atomic<unsigned> tail_{0};
  std::array<std::atomic<int>, kSlots> slots_{};
};

// Two consumers get the same item: the head is read and moved in two steps.
template <bool kMended>
class SharedHead {
 public:
  void put(int item) {
    const std::scoped_lock hold(mutex_);
    slots_[tail_] = item;
    ++tail_;
  }
  std::optional<int> get() {
    for (;;) {
      unsigned head = head_;
      if (head == tail_) return std::nullopt;
      const int item = slots_[head];
      if constexpr (kMended) {
        if (!head_.compare_exchange_strong(head, head + 1)) continue;
      } else {
        head_ = head + 1;
      }
      return item;
    }
  }

 private:
  std::mutex mutex_;
  std::atomic<unsigned> head_{0};
  std::atomic<unsigned> tail_{0};
  std::array<std::atomic<int>, kSlots> slots_{};
};

// One producer, one consumer: the tail moves before the item is in its slot, so that the consumer
// gets what was there before.
template <bool kMended>
class TailFirst {
 public:
  void put(int item) {
    const unsigned tail = tail_;
    if (kMended) slots_[tail] = item;
    tail_ = tail + 1;
    if (!kMended) slots_[tail] = item;
  }
  std::optional<int> get() {
    const unsigned head = head_;
    if (head == tail_) return std::nullopt;
    const int item = slots_[head];
    head_ = head + 1;
    return item;
  }

 private:
  std::atomic<unsigned> head_{0};
  std::atomic<unsigned> tail_{0};
  std::array<std::atomic<int>, kSlots> slots_{};
};

// A slot is claimed first and filled later; until then the queue says that it is empty, though an
// item behind the gap has been put.
template <bool kMended>
class Gap {
 public:
  void put(int item) {
    const auto hold = lock();
    slots_[tail_++] = item;
  }
  std::optional<int> get() {
    const auto hold = lock();
    unsigned head = head_;
    while (slots_[head] != 0) {
      if (head_.compare_exchange_strong(head, head + 1)) return slots_[head];
    }
    return std::nullopt;
  }

 private:
  std::unique_lock<std::mutex> lock() {
    if constexpr (kMended) return std::unique_lock(mutex_);
    return {};
  }
  std::mutex mutex_;
  std::atomic<unsigned> head_{0};
  std::atomic<unsigned> tail_{0};
  std::array<std::atomic<int>, kSlots> slots_{};  // 0: empty
};

// Has room for one more than it should. One thread sees it.
template <bool kMended>
class OneTooMany : public Items {
 public:
  bool put(int item) {
    const Hold hold(mutex_);
    if (items_.size() >= kRoom + (kMended ? 0 : 1)) return false;
    items_.push_back(item);
    return true;
  }
  std::optional<int> get() {
    const Hold hold(mutex_);
    return take_first();
  }
};

// Looks for room outside of the lock: two find the last place, and one item is too many.
template <bool kMended>
class RoomSeenOutside : public Items {
 public:
  bool put(int item) {
    if (!kMended && size() >= kRoom) return false;
    const Hold hold(mutex_);
    if (kMended && items_.size() >= kRoom) return false;
    items_.push_back(item);
    return true;
  }
  std::optional<int> get() {
    const Hold hold(mutex_);
    return take_first();
  }
  std::size_t size() const {
    const Hold hold(mutex_);
    return items_.size();
  }
};

// close() gives back what is left. A put that has seen the queue open puts behind it:
// double-checked closing without the second check.
template <bool kMended>
class ClosedMeanwhile : public Items {
 public:
  bool put(int item) {
    if (closed_) return false;
    const Hold hold(mutex_);
    if (kMended && closed_) return false;
    items_.push_back(item);
    return true;
  }
  std::vector<int> close() {
    const Hold hold(mutex_);
    closed_ = true;
    return std::exchange(items_, {});
  }

 private:
  std::atomic<bool> closed_{false};
};

// An item goes from one queue to another in two steps: for a while it is in neither.
template <bool kMended>
class Transfer {
 public:
  void put(int item) {
    const std::scoped_lock hold(mutex_);
    from_.push_back(item);
  }
  void move() {
    std::unique_lock hold(mutex_);
    if (from_.empty()) return;
    const int item = from_.front();
    from_.erase(from_.begin());
    if (!kMended) {
      hold.unlock();
      hold.lock();
    }
    to_.push_back(item);
  }
  std::size_t size() {
    const std::scoped_lock hold(mutex_);
    return from_.size() + to_.size();
  }

 private:
  std::mutex mutex_;
  std::vector<int> from_;
  std::vector<int> to_;
};

// The owner of a work-stealing queue and a thief take its last item both: the owner does not look
// at the thieves' end again.
template <bool kMended>
class LastItemTwice {
 public:
  void push(int item) {
    slots_[bottom_] = item;
    ++bottom_;
  }
  std::optional<int> pop() {  // the owner
    const unsigned bottom = bottom_ - 1;
    bottom_ = bottom;
    unsigned top = top_;
    if (top > bottom || bottom >= kSlots) {
      bottom_ = top;
      return std::nullopt;
    }
    const int item = slots_[bottom];
    if (top < bottom) return item;
    bool is_mine = true;
    if constexpr (kMended) {
      is_mine = top_.compare_exchange_strong(top, top + 1);
    } else {
      top_ = bottom + 1;
    }
    bottom_ = bottom + 1;
    return is_mine ? std::optional(item) : std::nullopt;
  }
  std::optional<int> steal() {
    for (;;) {
      unsigned top = top_;
      const unsigned bottom = bottom_;
      if (top >= bottom || bottom > kSlots) return std::nullopt;
      const int item = slots_[top];
      if (top_.compare_exchange_strong(top, top + 1)) return item;
    }
  }

 private:
  std::atomic<unsigned> top_{0};
  std::atomic<unsigned> bottom_{0};
  std::array<std::atomic<int>, kSlots> slots_{};
};

}  // namespace weft::scenarios::specimens::linearizable
