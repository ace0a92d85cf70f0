// Items of a queue each in a node of its own, which is allocated before the queue is touched and
// freed after it, together with what is left of the item. So T's destructor and the allocator run
// outside the critical section.
//
// Thread safety: a node belongs to one thread, or to a queue and is guarded by its mutex; a
// NodeStorage is guarded by its queue's mutex, except make_cell().
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>

namespace weft::internal {

template <class T>
struct Node {
  std::optional<T> item;
  Node* next = nullptr;
  std::uint64_t sequence = 0;  // of its put; orders equal items of a PriorityQueue
};

// Nodes that have left their queue, and are freed with their items when this object ends.
template <class T>
class NodeChain {
 public:
  explicit NodeChain(Node<T>* first) : first_(first) {}
  ~NodeChain() {
    while (first_ != nullptr) delete std::exchange(first_, first_->next);
  }
  NodeChain(NodeChain&& other) noexcept : first_(std::exchange(other.first_, nullptr)) {}
  NodeChain& operator=(NodeChain&&) = delete;

 private:
  Node<T>* first_;
};

// A storage (blocking_queue.h) made of nodes in an order. Order's prepare_push(const T&) and
// prepare_pop() may throw, and change nothing that can be seen; push(Node*), front(), pop(),
// take_all() and size() do not throw, and push and pop follow their preparation at once.
template <class T, class Order>
class NodeStorage {
 public:
  using Cell = std::unique_ptr<Node<T>>;
  using Rest = NodeChain<T>;

  NodeStorage(Order order = Order()) : order_(std::move(order)) {}

  static Cell make_cell() { return std::make_unique<Node<T>>(); }
  void push(Cell& cell, T& item, std::uint64_t sequence) {
    order_.prepare_push(item);
    cell->item.emplace(std::move(item));
    cell->sequence = sequence;
    order_.push(cell.release());
  }
  void prepare_pop() { order_.prepare_pop(); }
  T& front() { return *order_.front()->item; }
  Cell pop() noexcept { return Cell(order_.pop()); }
  Rest take_all() noexcept { return Rest(order_.take_all()); }
  std::size_t size() const noexcept { return order_.size(); }

 private:
  Order order_;
};

}  // namespace weft::internal
