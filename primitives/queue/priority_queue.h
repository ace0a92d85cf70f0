// PriorityQueue: the smallest item first, as Python's queue.PriorityQueue; equal items in the order
// in which they were put, which Python does not promise. See blocking_queue.h for the contract.
//
// The comparison runs inside the queue's critical section. If it throws, put or get passes that on
// and the queue is as before.
#pragma once

#include <functional>
#include <vector>

#include "primitives/queue/blocking_queue.h"
#include "primitives/queue/node.h"

namespace weft {
namespace internal {

// A binary heap. The preparations only compare, which may throw; push and pop only move pointers,
// along the path that was found.
// Invariant: no node is less than its parent, (i - 1) / 2.
template <class T, class Less>
class HeapOrder {
 public:
  explicit HeapOrder(Less less = Less()) : less_(std::move(less)) {}

  // Finds the path from the new last place up to where `item` belongs: behind all that equal it.
  void prepare_push(const T& item) {
    if (heap_.size() == heap_.capacity()) heap_.reserve(2 * heap_.size() + 1);
    path_.clear();
    path_.reserve(kLongestPath);
    for (std::size_t place = heap_.size(); place > 0; place = parent(place)) {
      if (!less_(item, *heap_[parent(place)]->item)) break;
      path_.push_back(parent(place));
    }
  }
  void push(Node<T>* node) noexcept {
    heap_.push_back(nullptr);
    fill_hole(heap_.size() - 1, node);
  }

  Node<T>* front() const noexcept { return heap_.front(); }

  // Finds the path from the top down to where the last node belongs once it has lost its place.
  void prepare_pop() {
    const std::size_t size = heap_.size() - 1;
    path_.clear();
    path_.reserve(kLongestPath);
    for (std::size_t child = 1; child < size; child = 2 * child + 1) {
      if (child + 1 < size && before(*heap_[child + 1], *heap_[child])) ++child;
      if (!before(*heap_[child], *heap_[size])) break;
      path_.push_back(child);
    }
  }
  Node<T>* pop() noexcept {
    Node<T>* const first = heap_.front();
    fill_hole(0, heap_.back());
    heap_.pop_back();
    return first;
  }

  Node<T>* take_all() noexcept {
    Node<T>* first = nullptr;
    for (Node<T>* node : heap_) node->next = std::exchange(first, node);
    heap_.clear();
    return first;
  }

  std::size_t size() const noexcept { return heap_.size(); }

 private:
  static constexpr std::size_t kLongestPath = 64;  // a heap of 2^64 nodes has no longer one

  static std::size_t parent(std::size_t place) { return (place - 1) / 2; }
  // Moves what stands along the path one step towards the hole, and puts `node` at the path's end.
  void fill_hole(std::size_t hole, Node<T>* node) noexcept {
    for (const std::size_t place : path_) heap_[std::exchange(hole, place)] = heap_[place];
    heap_[hole] = node;
  }
  bool before(const Node<T>& a, const Node<T>& b) const {
    if (less_(*a.item, *b.item)) return true;
    if (less_(*b.item, *a.item)) return false;
    return a.sequence < b.sequence;
  }

  Less less_;
  std::vector<Node<T>*> heap_;
  std::vector<std::size_t> path_;  // from a preparation to its push or pop
};

}  // namespace internal

template <class T, class Less = std::less<T>>
using PriorityQueue = BlockingQueue<T, internal::NodeStorage<T, internal::HeapOrder<T, Less>>>;

}  // namespace weft
