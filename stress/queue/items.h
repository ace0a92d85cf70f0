// Item types that make trouble, for the tests of the queues.
#pragma once

#include <memory>
#include <optional>
#include <stdexcept>
#include <utility>

namespace weft::testing_queues {

struct MoveFailed : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// Its move constructor throws when a countdown says so, and then leaves the source as it was.
// Thread safety: none; for one thread, or under a lock.
struct ThrowingMove {
  static inline int moves_until_throw = -1;  // below zero: never

  explicit ThrowingMove(int value) : value(value) {}
  ThrowingMove(ThrowingMove&& other) : value(other.value) {
    if (moves_until_throw >= 0 && moves_until_throw-- == 0) throw MoveFailed("the move failed");
    other.value = kMovedFrom;
  }
  ThrowingMove& operator=(ThrowingMove&&) = delete;
  friend bool operator<(const ThrowingMove& a, const ThrowingMove& b) { return a.value < b.value; }

  static constexpr int kMovedFrom = -1;
  int value;
};

using MoveOnly = std::unique_ptr<int>;

// A comparison that throws when asked to.
struct ThrowingLess {
  static inline bool throws = false;
  bool operator()(int a, int b) const {
    if (throws) throw std::domain_error("not comparable");
    return a < b;
  }
};

// Its destructor calls the queue that holds it.
template <class Q>
struct CallsFromDestructor {
  explicit CallsFromDestructor(Q* q) : queue(q) {}
  CallsFromDestructor(CallsFromDestructor&& other) noexcept
      : queue(std::exchange(other.queue, nullptr)) {}
  CallsFromDestructor& operator=(CallsFromDestructor&&) = delete;
  ~CallsFromDestructor() {
    if (queue != nullptr) queue->on_destroyed();
  }
  Q* queue;
};

}  // namespace weft::testing_queues
