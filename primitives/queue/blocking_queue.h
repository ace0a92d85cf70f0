// BlockingQueue: what Queue, LifoQueue and PriorityQueue have in common; the semantics of Python's
// queue module, shutdown as in 3.13.
//
// Thread safety: every function from any thread. T's destructor and copy constructor never run
// inside the queue's critical section, so they may use the queue; its move constructor and the
// order's comparison do run there, and must not. Destroy the queue when no thread is inside. Memory
// ordering: what a producer did before put() is visible to the consumer that gets the item; what a
// worker did before task_done() is visible after join(). Invariants: (I1) Every item that was put
// is got once, or discarded by shutdown(kImmediate) or with the queue. (I2) With a maximum above
// zero, put never makes qsize() pass it. (I3) unfinished tasks = puts - task_done() - items
// discarded, never below zero. (I4) A put that fails or throws leaves the item with its caller, a
// get whose move throws leaves it in the queue; in the state in which T's move constructor left it,
// if it was that which threw. Non-invariants: qsize(), empty() and full() may be wrong by the time
// they return; in particular an empty() that said no does not promise that get() finds something.
// Getters are not served in order.
#pragma once

#include <chrono>
#include <cstddef>
#include <limits>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <type_traits>
#include <utility>

#include "primitives/annotate.h"
#include "primitives/base/deadline.h"
#include "primitives/base/errors.h"
#include "primitives/base/wait_list.h"
#include "primitives/queue/node.h"

namespace weft {

enum class ShutDownMode {
  kDrain,      // what is inside can still be got
  kImmediate,  // what is inside is discarded, and counts as done
};

// Storage keeps the nodes in its order. prepare_push(const T&) and prepare_pop() may throw, and
// change nothing that can be seen; push(Node*), front(), pop(), take_all() and size() do not throw,
// and push and pop follow their preparation at once.
template <class T, class Storage>
class BlockingQueue {
 public:
  // Zero stands for "no maximum".
  explicit BlockingQueue(std::size_t maximum = 0, Storage storage = Storage())
      : maximum_(maximum), storage_(std::move(storage)) {}
  ~BlockingQueue() {
    annotate::destroyed(this);
    clear(take_all());
  }
  BlockingQueue(const BlockingQueue&) = delete;
  BlockingQueue& operator=(const BlockingQueue&) = delete;

  // Waits for room. Throws QueueShutDown.
  void put(T&& item) { (void)put_before(item, Deadline::never()); }
  void put(const T& item) { put(T(item)); }
  // False, and the item still the caller's, if `stop` was requested first.
  [[nodiscard]] bool put(T&& item, const std::stop_token& stop) {
    return put_before(item, Deadline::never(), stop) == Outcome::kDone;
  }
  // Throws QueueFull if there is no room, at once or in time. A negative time-out throws
  // ValueError, unless the queue has no maximum: then nobody looks at it.
  void put_nowait(T&& item) { require_room(put_before(item, Deadline::passed())); }
  void put_nowait(const T& item) { put_nowait(T(item)); }
  template <class Rep, class Period>
  void put_for(T&& item, const std::chrono::duration<Rep, Period>& timeout) {
    if (maximum() > 0 && !is_shut_down()) refuse_negative(timeout, "Queue::put_for");
    require_room(put_before(item, Deadline::after(timeout)));
  }
  template <class Rep, class Period>
  void put_for(const T& item, const std::chrono::duration<Rep, Period>& timeout) {
    put_for(T(item), timeout);
  }
  // The same without QueueFull: false, and the item still the caller's.
  [[nodiscard]] bool try_put(T&& item) {
    return put_before(item, Deadline::passed()) == Outcome::kDone;
  }
  [[nodiscard]] bool try_put(const T& item) { return try_put(T(item)); }
  template <class Clock, class Duration>
  [[nodiscard]] bool try_put_until(T&& item, const std::chrono::time_point<Clock, Duration>& when) {
    return Deadline::retry_until(
        when, [&](const Deadline& d) { return put_before(item, d) == Outcome::kDone; });
  }

  // Waits for an item. Throws QueueShutDown once the queue is shut down and empty.
  T get() { return get_before(Deadline::never()); }
  // Nothing if `stop` was requested first.
  [[nodiscard]] std::optional<T> get(const std::stop_token& stop) {
    std::optional<T> item;
    (void)get_into(item, Deadline::never(), stop);
    return item;
  }
  // Throws QueueEmpty if there is nothing, at once or in time; ValueError for a negative time-out,
  // even if something is there.
  T get_nowait() { return get_before(Deadline::passed()); }
  template <class Rep, class Period>
  T get_for(const std::chrono::duration<Rep, Period>& timeout) {
    // Empty after a shutdown is empty for ever, so two looks are as good as one.
    if (!is_shut_down() || !empty()) refuse_negative(timeout, "Queue::get_for");
    return get_before(Deadline::after(timeout));
  }
  // The same without QueueEmpty.
  [[nodiscard]] std::optional<T> try_get() {
    std::optional<T> item;
    (void)get_into(item, Deadline::passed());
    return item;
  }
  template <class Rep, class Period>
  [[nodiscard]] std::optional<T> try_get_for(const std::chrono::duration<Rep, Period>& timeout) {
    std::optional<T> item;
    (void)get_into(item, Deadline::after(timeout));
    return item;
  }
  template <class Clock, class Duration>
  [[nodiscard]] std::optional<T> try_get_until(
      const std::chrono::time_point<Clock, Duration>& when) {
    std::optional<T> item;
    Deadline::retry_until(when, [&](const Deadline& d) { return get_into(item, d); });
    return item;
  }

  // Says that the work on one item that was got is done. Throws ValueError if that would be one
  // more than were put.
  void task_done() {
    internal::MutexLock hold(mutex_);
    if (unfinished_ == 0)
      throw ValueError("Queue::task_done: called more often than items were put");
    finish_tasks(1);
  }
  // Waits until every item that was put is done with; at once if none was.
  void join() { (void)join_before(Deadline::never()); }
  template <class Rep, class Period>
  [[nodiscard]] bool join_for(const std::chrono::duration<Rep, Period>& timeout) {
    return join_before(Deadline::after(timeout));
  }

  // From now on put throws QueueShutDown, and get does once nothing is left. Threads that wait and
  // can only fail are woken. Repeatable; kDrain may be followed by kImmediate, and is never undone.
  void shutdown(ShutDownMode mode = ShutDownMode::kDrain);

  std::size_t qsize() const {
    internal::MutexLock hold(mutex_);
    return storage_.size();
  }
  bool empty() const { return qsize() == 0; }
  bool full() const {
    internal::MutexLock hold(mutex_);
    return maximum_ > 0 && storage_.size() >= maximum_;
  }
  bool is_shut_down() const {
    internal::MutexLock hold(mutex_);
    return shut_down_;
  }
  std::size_t unfinished_tasks() const {
    internal::MutexLock hold(mutex_);
    return unfinished_;
  }
  std::size_t maximum() const {
    internal::MutexLock hold(mutex_);
    return maximum_;
  }
  // A smaller maximum discards nothing: put waits until the queue has shrunk below it.
  void set_maximum(std::size_t maximum) {
    internal::MutexLock hold(mutex_);
    maximum_ = maximum;
    not_full_.notify_all();
  }

  // for (T& item : queue) gets until the queue is shut down and empty.
  class Iterator;
  Iterator begin() { return Iterator(this); }
  std::default_sentinel_t end() const { return {}; }

 private:
  using Node = internal::Node<T>;
  enum class Outcome { kDone, kTimedOut };

  Outcome put_before(T& item, const Deadline& deadline, const std::stop_token& stop = {});
  // Both make the item where their caller wants it while it is still in the queue: a later move
  // that throws would lose it. get_before() throws QueueEmpty if there is none in time.
  T get_before(const Deadline& deadline);
  bool get_into(std::optional<T>& item, const Deadline& deadline, const std::stop_token& stop = {});
  bool wait_for_item(const Deadline& deadline, const std::stop_token& stop) WEFT_REQUIRES(mutex_);
  // What `make(T&&)` makes of the front item, which then leaves the queue.
  template <class Make>
  std::invoke_result_t<Make&, T> take_front(std::unique_ptr<Node>& node, Make make)
      WEFT_REQUIRES(mutex_);
  bool join_before(const Deadline& deadline);
  bool has_room() const WEFT_REQUIRES(mutex_) {
    return maximum_ == 0 || storage_.size() < maximum_;
  }
  void finish_tasks(std::size_t count) WEFT_REQUIRES(mutex_) {
    unfinished_ -= count;
    if (unfinished_ == 0) all_done_.notify_all();
  }
  Node* take_all();
  static void clear(Node* first);
  static void require_room(Outcome outcome) {
    if (outcome != Outcome::kDone) throw QueueFull("Queue::put: there was no room in time");
  }

  mutable internal::Mutex mutex_;
  std::size_t maximum_ WEFT_GUARDED_BY(mutex_);
  Storage storage_ WEFT_GUARDED_BY(mutex_);
  std::uint64_t puts_ WEFT_GUARDED_BY(mutex_) = 0;
  std::size_t unfinished_ WEFT_GUARDED_BY(mutex_) = 0;
  bool shut_down_ WEFT_GUARDED_BY(mutex_) = false;
  internal::WaitList not_empty_ WEFT_GUARDED_BY(mutex_);
  internal::WaitList not_full_ WEFT_GUARDED_BY(mutex_);
  internal::WaitList all_done_ WEFT_GUARDED_BY(mutex_);
};

}  // namespace weft

#include "primitives/queue/blocking_queue_inl.h"
