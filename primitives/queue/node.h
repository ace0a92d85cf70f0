// Items of a queue each in a node of its own, which is allocated before the queue is touched and
// freed after it, together with what is left of the item. So T's destructor and the allocator run
// outside the critical section.
//
// Thread safety: a node belongs to one thread, or to a queue and is guarded by its mutex; a
// NodeStorage is guarded by its queue's mutex, except make_cell() and make_cells().
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace weft::internal {

template <class T>
struct Node {
  std::optional<T> item;
  Node* next = nullptr;
  std::uint64_t sequence = 0;  // of its put; orders equal items of a PriorityQueue
};

// Nodes that are not in a queue yet, or have left theirs; they are freed with their items when this
// object ends.
template <class T>
class NodeChain {
 public:
  explicit NodeChain(Node<T>* first = nullptr) : first_(first) {}
  ~NodeChain() {
    while (first_ != nullptr) delete std::exchange(first_, first_->next);
  }
  NodeChain(NodeChain&& other) noexcept : first_(std::exchange(other.first_, nullptr)) {}
  NodeChain& operator=(NodeChain&&) = delete;

  void add(Node<T>* node) noexcept { node->next = std::exchange(first_, node); }
  Node<T>* first() const noexcept { return first_; }
  Node<T>* release_first() noexcept { return std::exchange(first_, first_->next); }

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
  using Cells = NodeChain<T>;

  NodeStorage(Order order = Order()) : order_(std::move(order)) {}

  static Cell make_cell() { return std::make_unique<Node<T>>(); }
  static Cells make_cells(std::size_t count) {
    Cells cells;
    for (; count > 0; --count) cells.add(new Node<T>());
    return cells;
  }
  void push(Cell& cell, T& item, std::uint64_t sequence) {
    fill(*cell, item, sequence);
    order_.push(cell.release());
  }
  void push_many(Cells& cells, std::span<T>& items, std::size_t count, std::uint64_t sequence) {
    for (; count > 0; --count) {
      fill(*cells.first(), items.front(), sequence++);
      order_.push(cells.release_first());
      items = items.subspan(1);
    }
  }
  void prepare_pop() { order_.prepare_pop(); }
  T& front() { return *order_.front()->item; }
  Cell pop() noexcept { return Cell(order_.pop()); }
  void pop_many(Cells& cells, std::vector<T>& out, std::size_t count) {
    for (; count > 0; --count) {
      order_.prepare_pop();
      out.push_back(std::move(front()));
      cells.add(order_.pop());
    }
  }
  Cells take_all() noexcept { return Cells(order_.take_all()); }
  std::size_t size() const noexcept { return order_.size(); }

 private:
  void fill(Node<T>& node, T& item, std::uint64_t sequence) {
    order_.prepare_push(item);
    node.item.emplace(std::move(item));
    node.sequence = sequence;
  }

  Order order_;
};

}  // namespace weft::internal
