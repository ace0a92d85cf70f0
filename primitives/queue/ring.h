// Items side by side, first in first out, for types whose move and destruction are nothing but
// bytes: they may happen in the critical section, and a thread that takes many items reads memory
// in order. The ring doubles when it is full and keeps its size, at most twice the most items ever
// inside.
//
// Thread safety: guarded by its queue's mutex.
// Invariants: (I1) The items are at the places head_ .. tail_ - 1, modulo capacity_, a power of two
// or zero. (I2) Positions only grow; 64 bits do not wrap. (I3) A push that throws, as there is no
// memory for a larger ring, has changed nothing.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

namespace weft::internal {

template <class T>
inline constexpr bool kIsMereBytes =
    std::is_trivially_move_constructible_v<T> && std::is_trivially_destructible_v<T>;

// A storage, as blocking_queue.h wants it. Nothing is made before, nothing is left after.
template <class T>
class RingStorage {
 public:
  static_assert(kIsMereBytes<T>);
  struct Cell {};
  struct Cells {};

  RingStorage() = default;
  RingStorage(RingStorage&& other) noexcept
      : slots_(std::exchange(other.slots_, nullptr)),
        capacity_(std::exchange(other.capacity_, 0)),
        head_(std::exchange(other.head_, 0)),
        tail_(std::exchange(other.tail_, 0)) {}
  RingStorage& operator=(RingStorage&&) = delete;
  ~RingStorage() { free_slots(); }

  static Cell make_cell() noexcept { return {}; }
  static Cells make_cells(std::size_t) noexcept { return {}; }
  void push(Cell&, T& item, std::uint64_t) {
    if (size() == capacity_) grow(capacity_ + 1);
    std::construct_at(place(tail_), std::move(item));
    ++tail_;
  }
  void push_many(Cells&, std::span<T>& items, std::size_t count, std::uint64_t) {
    if (count > capacity_ - size()) grow(size() + count);
    while (count > 0) {
      const std::size_t run = std::min(count, side_by_side(tail_));
      std::uninitialized_move_n(items.begin(), run, place(tail_));
      items = items.subspan(run);
      tail_ += run;
      count -= run;
    }
  }
  void prepare_pop() noexcept {}
  T& front() noexcept { return *place(head_); }
  Cell pop() noexcept {
    ++head_;
    return {};
  }
  void pop_many(Cells&, std::vector<T>& out, std::size_t count) {
    while (count > 0) {
      const std::size_t run = std::min(count, side_by_side(head_));
      T* const first = place(head_);
      if constexpr (std::is_move_assignable_v<T>) {
        out.insert(out.end(), std::move_iterator(first), std::move_iterator(first + run));
      } else {
        for (std::size_t i = 0; i < run; ++i) out.push_back(std::move(first[i]));
      }
      head_ += run;
      count -= run;
    }
  }
  Cells take_all() noexcept {
    head_ = tail_;
    return {};
  }
  std::size_t size() const noexcept { return static_cast<std::size_t>(tail_ - head_); }

 private:
  static constexpr std::size_t kLeastCapacity = 16;

  T* place(std::uint64_t position) const noexcept { return slots_ + (position & (capacity_ - 1)); }
  // Places from this one to the end of the slots.
  std::size_t side_by_side(std::uint64_t position) const noexcept {
    return capacity_ - (position & (capacity_ - 1));
  }
  void grow(std::size_t least) {
    const std::size_t capacity = std::max(kLeastCapacity, std::bit_ceil(least));
    T* const slots = std::allocator<T>().allocate(capacity);
    for (std::uint64_t position = head_; position != tail_; ++position) {
      std::construct_at(slots + (position & (capacity - 1)), std::move(*place(position)));
    }
    free_slots();
    slots_ = slots;
    capacity_ = capacity;
  }
  void free_slots() noexcept {
    if (slots_ != nullptr) std::allocator<T>().deallocate(slots_, capacity_);
  }

  T* slots_ = nullptr;
  std::size_t capacity_ = 0;
  std::uint64_t head_ = 0;
  std::uint64_t tail_ = 0;
};

}  // namespace weft::internal
