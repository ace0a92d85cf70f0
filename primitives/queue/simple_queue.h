// SimpleQueue: an unbounded first-in-first-out queue without task counting, as Python's
// queue.SimpleQueue.
//
// Thread safety: every function from any thread. put() is re-entrant: a destructor of T may call
// it, also one that runs because of this queue. Destroy the queue when no thread is inside. Memory
// ordering: what a producer did before put() is visible to the consumer that gets the item.
// Invariants: (I1) Every item that was put is got once, or destroyed with the queue. (I2) Items of
// one producer are got in its order. Non-invariants: qsize() and empty() may be wrong by the time
// they return.
#pragma once

#include "primitives/queue/queue.h"

namespace weft {

template <class T>
class SimpleQueue {
 public:
  SimpleQueue() = default;

  void put(T&& item) { queue_.put(std::move(item)); }
  void put(const T& item) { queue_.put(item); }

  T get() { return queue_.get(); }
  [[nodiscard]] std::optional<T> get(const std::stop_token& stop) { return queue_.get(stop); }
  // Throws QueueEmpty if there is nothing, at once or in time; ValueError for a negative time-out.
  T get_nowait() { return queue_.get_nowait(); }
  template <class Rep, class Period>
  T get_for(const std::chrono::duration<Rep, Period>& timeout) {
    return queue_.get_for(timeout);
  }
  [[nodiscard]] std::optional<T> try_get() { return queue_.try_get(); }
  template <class Rep, class Period>
  [[nodiscard]] std::optional<T> try_get_for(const std::chrono::duration<Rep, Period>& timeout) {
    return queue_.try_get_for(timeout);
  }

  // Many at once: many.h. The items that put_many() puts are side by side.
  void put_many(std::span<T>& items) { queue_.put_many(items); }
  template <class Range>
    requires internal::ItemsFor<Range, T>
  void put_many(Range&& items) {
    queue_.put_many(std::forward<Range>(items));
  }
  [[nodiscard]] std::vector<T> get_many(std::size_t at_most) { return queue_.get_many(at_most); }
  std::size_t get_many(std::size_t at_most, std::vector<T>& out) {
    return queue_.get_many(at_most, out);
  }
  [[nodiscard]] std::vector<T> get_many(std::size_t at_most, const std::stop_token& stop) {
    return queue_.get_many(at_most, stop);
  }
  [[nodiscard]] std::vector<T> try_get_many(std::size_t at_most) {
    return queue_.try_get_many(at_most);
  }
  template <class Rep, class Period>
  [[nodiscard]] std::vector<T> try_get_many_for(std::size_t at_most,
                                                const std::chrono::duration<Rep, Period>& timeout) {
    return queue_.try_get_many_for(at_most, timeout);
  }

  std::size_t qsize() const { return queue_.qsize(); }
  bool empty() const { return queue_.empty(); }

 private:
  Queue<T> queue_;
};

}  // namespace weft
