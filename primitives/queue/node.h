// One item of a queue, with room that is allocated before the queue is touched and freed after it.
// Thread safety: belongs to one thread, or to a queue and guarded by its mutex.
#pragma once

#include <cstdint>
#include <optional>
#include <utility>

namespace weft::internal {

template <class T>
struct Node {
  std::optional<T> item;
  Node* next = nullptr;
  std::uint64_t sequence = 0;  // of its put; orders equal items of a PriorityQueue
};

}  // namespace weft::internal
