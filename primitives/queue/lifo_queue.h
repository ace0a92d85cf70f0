// LifoQueue: last in, first out, as Python's queue.LifoQueue. See blocking_queue.h for the
// contract.
#pragma once

#include "primitives/queue/blocking_queue.h"
#include "primitives/queue/node.h"

namespace weft {
namespace internal {

template <class T>
class LifoOrder {
 public:
  void prepare_push(const T&) noexcept {}
  void prepare_pop() noexcept {}
  void push(Node<T>* node) noexcept {
    node->next = std::exchange(top_, node);
    ++size_;
  }
  Node<T>* front() const noexcept { return top_; }
  Node<T>* pop() noexcept {
    --size_;
    return std::exchange(top_, top_->next);
  }
  Node<T>* take_all() noexcept {
    size_ = 0;
    return std::exchange(top_, nullptr);
  }
  std::size_t size() const noexcept { return size_; }

 private:
  Node<T>* top_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace internal

template <class T>
using LifoQueue = BlockingQueue<T, internal::NodeStorage<T, internal::LifoOrder<T>>>;

}  // namespace weft
