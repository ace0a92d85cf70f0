// Queue: first in, first out, as Python's queue.Queue. See blocking_queue.h for the contract.
// Items of one producer are got in the order in which it put them.
#pragma once

#include "primitives/queue/blocking_queue.h"
#include "primitives/queue/node.h"
#include "primitives/queue/ring.h"

namespace weft {
namespace internal {

// Invariant: back_ is the last node from front_ on, or anything while front_ is null.
template <class T>
class FifoOrder {
 public:
  void prepare_push(const T&) noexcept {}
  void prepare_pop() noexcept {}
  void push(Node<T>* node) noexcept {
    node->next = nullptr;
    (front_ == nullptr ? front_ : back_->next) = node;
    back_ = node;
    ++size_;
  }
  Node<T>* front() const noexcept { return front_; }
  Node<T>* pop() noexcept {
    --size_;
    return std::exchange(front_, front_->next);
  }
  Node<T>* take_all() noexcept {
    size_ = 0;
    return std::exchange(front_, nullptr);
  }
  std::size_t size() const noexcept { return size_; }

 private:
  Node<T>* front_ = nullptr;
  Node<T>* back_ = nullptr;
  std::size_t size_ = 0;
};

// A class and no alias: so Queue<T> may be named before T is complete.
template <class T>
class FifoStorage
    : public std::conditional_t<kIsMereBytes<T>, RingStorage<T>, NodeStorage<T, FifoOrder<T>>> {};

}  // namespace internal

template <class T>
using Queue = BlockingQueue<T, internal::FifoStorage<T>>;

}  // namespace weft
