// ManyAtOnce: the calls of BlockingQueue that put and get many items at once; it inherits them.
//
// Thread safety: every function from any thread.
//
// put_many() puts all items, in their order. Those that find room at once get in at one instant,
// side by side; if it has to wait for more, others' items may come in between. get_many() waits for
// one item and takes what else is there, `at_most` in all: at one instant, as many get() would.
// Each item is a task of its own: join() waits for a task_done() for each.
//
// Invariants: (I1) A put_many() that ends early, as the queue is shut down, as there is no room in
// time or as a move throws, has put the first items, and the others are as they were; its span is
// then these. What was put before a shutdown is treated as all that is inside. (I2) A get_many()
// that returns has lost nothing: a move that throws ends the batch before that item, and is thrown
// if it was the first. (I3) Many items wake as many threads that wait, or all if there are fewer.
#pragma once

#include <chrono>
#include <concepts>
#include <cstddef>
#include <ranges>
#include <span>
#include <stop_token>
#include <type_traits>
#include <vector>

#include "primitives/base/deadline.h"
#include "primitives/base/errors.h"

namespace weft::internal {

// A container that its owner moves, or a view, of items side by side.
template <class Range, class T>
concept GivesItsItems =
    std::constructible_from<std::span<T>, Range&> &&
    (!std::is_lvalue_reference_v<Range> || std::ranges::view<std::remove_cvref_t<Range>>);
template <class Range, class T>
concept ItemsFor =
    std::ranges::input_range<Range> &&
    (GivesItsItems<Range, T> || std::constructible_from<T, std::ranges::range_reference_t<Range>>);

// Queue has, for this class: put_many_before(std::span<T>&, deadline, stop), which says whether all
// are in, and get_many_before(at_most, std::vector<T>&, deadline, stop), which says how many came.
template <class Queue, class T>
class ManyAtOnce {
 public:
  // Waits for room for all. The items are moved from; `items` becomes those that are still the
  // caller's: none, unless something is thrown. Throws QueueShutDown.
  void put_many(std::span<T>& items) { (void)put_all(items, Deadline::never()); }
  // Of a view or of a container that is moved here the items are moved, too, if they lie side by
  // side: put_many(std::move(jobs)), put_many(std::span(jobs)). Those of others are copied.
  template <class Range>
    requires ItemsFor<Range, T>
  void put_many(Range&& items) {
    if constexpr (GivesItsItems<Range, T>) {
      std::span<T> left(items);
      put_many(left);
    } else {
      std::vector<T> copies;
      for (auto&& item : items) copies.emplace_back(item);
      std::span<T> left(copies);
      put_many(left);
    }
  }
  // False if `stop` was requested first; `items` are those that are not in.
  [[nodiscard]] bool put_many(std::span<T>& items, const std::stop_token& stop) {
    return put_all(items, Deadline::never(), stop);
  }
  // As many as there is room for now, at one instant, or in time; true if those are all.
  [[nodiscard]] bool try_put_many(std::span<T>& items) {
    return put_all(items, Deadline::passed());
  }
  template <class Clock, class Duration>
  [[nodiscard]] bool try_put_many_until(std::span<T>& items,
                                        const std::chrono::time_point<Clock, Duration>& when) {
    return Deadline::retry_until(when, [&](const Deadline& d) { return put_all(items, d); });
  }
  // The same with QueueFull if they are not all; a negative time-out as for put_for().
  template <class Rep, class Period>
  void put_many_for(std::span<T>& items, const std::chrono::duration<Rep, Period>& timeout) {
    if (queue().maximum() > 0 && !queue().is_shut_down()) {
      refuse_negative(timeout, "Queue::put_many_for");
    }
    if (put_all(items, Deadline::after(timeout))) return;
    throw QueueFull("Queue::put_many: there was no room for all in time");
  }

  // Waits for at least one. Throws QueueShutDown once the queue is shut down and empty. Who asks
  // for at most none gets none at once.
  [[nodiscard]] std::vector<T> get_many(std::size_t at_most) {
    return get_some(at_most, Deadline::never());
  }
  // The same, behind what is in `out`; gives how many. For who uses one vector again and again.
  std::size_t get_many(std::size_t at_most, std::vector<T>& out) {
    return queue().get_many_before(at_most, out, Deadline::never(), {});
  }
  // None if `stop` was requested first.
  [[nodiscard]] std::vector<T> get_many(std::size_t at_most, const std::stop_token& stop) {
    return get_some(at_most, Deadline::never(), stop);
  }
  // None if there is nothing, at once or in time.
  [[nodiscard]] std::vector<T> try_get_many(std::size_t at_most) {
    return get_some(at_most, Deadline::passed());
  }
  template <class Rep, class Period>
  [[nodiscard]] std::vector<T> try_get_many_for(std::size_t at_most,
                                                const std::chrono::duration<Rep, Period>& timeout) {
    return get_some(at_most, Deadline::after(timeout));
  }
  template <class Clock, class Duration>
  [[nodiscard]] std::vector<T> try_get_many_until(
      std::size_t at_most, const std::chrono::time_point<Clock, Duration>& when) {
    std::vector<T> got;
    Deadline::retry_until(when, [&](const Deadline& d) {
      return queue().get_many_before(at_most, got, d, {}) > 0 || at_most == 0;
    });
    return got;
  }
  // The same with QueueEmpty; a negative time-out as for get_for().
  template <class Rep, class Period>
  [[nodiscard]] std::vector<T> get_many_for(std::size_t at_most,
                                            const std::chrono::duration<Rep, Period>& timeout) {
    // Empty after a shutdown is empty for ever, so two looks are as good as one.
    if (!queue().is_shut_down() || !queue().empty()) {
      refuse_negative(timeout, "Queue::get_many_for");
    }
    std::vector<T> got = get_some(at_most, Deadline::after(timeout));
    if (!got.empty() || at_most == 0) return got;
    throw QueueEmpty("Queue::get_many: there was no item in time");
  }

 protected:
  ManyAtOnce() = default;
  ~ManyAtOnce() = default;

 private:
  Queue& queue() { return static_cast<Queue&>(*this); }
  bool put_all(std::span<T>& items, const Deadline& deadline, const std::stop_token& stop = {}) {
    return queue().put_many_before(items, deadline, stop);
  }
  std::vector<T> get_some(std::size_t at_most, const Deadline& deadline,
                          const std::stop_token& stop = {}) {
    std::vector<T> got;
    (void)queue().get_many_before(at_most, got, deadline, stop);
    return got;
  }
};

}  // namespace weft::internal
