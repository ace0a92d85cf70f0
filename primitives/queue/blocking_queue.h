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
//
// How it is fast: items of bare bytes lie in a ring (ring.h). task_done() takes the mutex only if
// it was for the last item and somebody joins. A thread that finds the mutex taken leaves it to its
// holder for a while, and one that finds the queue empty, or full, looks for a while from outside
// before it sleeps: so one thread moves many items before the other has its turn (look()). Whoever
// wakes a thread does so after it has left the mutex.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <mutex>
#include <optional>
#include <span>
#include <stop_token>
#include <type_traits>
#include <utility>
#include <vector>

#include "primitives/annotate.h"
#include "primitives/base/deadline.h"
#include "primitives/base/errors.h"
#include "primitives/base/spin.h"
#include "primitives/base/wait_list.h"
#include "primitives/queue/many.h"

namespace weft {

enum class ShutDownMode {
  kDrain,      // what is inside can still be got
  kImmediate,  // what is inside is discarded, and counts as done
};

// Storage keeps the items in its order (node.h, ring.h):
//   Cell make_cell()             what a push needs; called without the mutex, may throw
//   Cells make_cells(count)      for so many
//   push(Cell&, T&, sequence)    may throw, and then has changed nothing that can be seen
//   push_many(Cells&, span<T>&, count, sequence)   the same for each item; the span becomes those
//                                that are not in
//   prepare_pop()                the same; pop() follows at once
//   pop_many(Cells&, vector<T>&, count)   the same for each item; with room in the vector, only a
//                                move and a preparation throw, and what is in the vector has left
//   front(), pop(), take_all(), size() do not throw. pop(), take_all(), pop_many() leave in a Cell
//   or Cells what may need a destructor, which runs without the mutex.
template <class T, class Storage>
class BlockingQueue : public internal::ManyAtOnce<BlockingQueue<T, Storage>, T> {
 public:
  // Zero stands for "no maximum".
  explicit BlockingQueue(std::size_t maximum = 0, Storage storage = Storage())
      : maximum_(maximum), storage_(std::move(storage)) {}
  ~BlockingQueue() {
    annotate::destroyed(this);
    (void)take_all();
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

  // Says that the work on one item that was got is done, or on so many. Throws ValueError, and
  // changes nothing, if that would be more than were put.
  void task_done() { task_done_many(1); }
  void task_done_many(std::size_t count) {
    std::uint64_t puts = 0;
    std::uint64_t done = load_done();
    do {
      puts = load_puts();
      if (puts - done < count) {
        throw ValueError("Queue::task_done: called more often than items were put");
      }
    } while (!add_done(done, count));
    // A joiner counts itself before it looks at done_, this thread looks the other way round, all
    // four seq_cst: so one sees the other.
    if (done + count == puts && joiners_.load() != 0) tell_joiners();
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
    return unfinished();
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
  friend class internal::ManyAtOnce<BlockingQueue, T>;
  using Cell = typename Storage::Cell;
  using Cells = typename Storage::Cells;
  enum class Outcome { kDone, kTimedOut };

  Outcome put_before(T& item, const Deadline& deadline, const std::stop_token& stop = {});
  // Both make the item where their caller wants it while it is still in the queue: a later move
  // that throws would lose it. get_before() throws QueueEmpty if there is none in time.
  T get_before(const Deadline& deadline);
  bool get_into(std::optional<T>& item, const Deadline& deadline, const std::stop_token& stop = {});
  // Those of ManyAtOnce.
  bool put_many_before(std::span<T>& items, const Deadline& deadline, const std::stop_token& stop);
  std::size_t get_many_before(std::size_t at_most, std::vector<T>& out, const Deadline& deadline,
                              const std::stop_token& stop);
  // At least one of them, and as many as there is room for; false if there was none in time.
  bool put_run(Cells& cells, std::span<T>& items, const Deadline& deadline,
               const std::stop_token& stop);
  void count_puts(std::size_t count, internal::LateWake& late) WEFT_REQUIRES(mutex_);
  // False if there is none in time; both throw QueueShutDown.
  bool wait_for_room(const Deadline& deadline, const std::stop_token& stop) WEFT_REQUIRES(mutex_);
  bool wait_for_item(const Deadline& deadline, const std::stop_token& stop) WEFT_REQUIRES(mutex_);
  // What `make(T&&)` makes of the front item, which then leaves the queue.
  template <class Make>
  std::invoke_result_t<Make&, T> take_front(Cell& cell, internal::LateWake& late, Make make)
      WEFT_REQUIRES(mutex_);
  // Without the mutex, for a while, before this thread gets into a list: while it is in none, those
  // that put and get need not wake it for each item. As long as the amount of what it waits for
  // grows from look to look it waits on, until there is enough: two threads that hand on one item
  // at a time, however fast, do little else than take the mutex from each other. False if this is
  // no wait to look in; true if it has given up the mutex meanwhile: look again.
  bool look_for_room(const Deadline& deadline) WEFT_REQUIRES(mutex_);
  bool look_for_item(const Deadline& deadline) WEFT_REQUIRES(mutex_);
  template <class Amount>
  bool look(const Deadline& deadline, const Amount& amount) WEFT_REQUIRES(mutex_);
  static constexpr std::size_t kEnough = 128;
  bool join_before(const Deadline& deadline);
  bool has_room() const WEFT_REQUIRES(mutex_) {
    return maximum_ == 0 || storage_.size() < maximum_;
  }
  std::size_t unfinished() const WEFT_REQUIRES(mutex_) {
    // done_ first: it never passes puts_, which stands still here.
    const std::uint64_t done = load_done();
    return static_cast<std::size_t>(load_puts() - done);
  }
  // Counts as done what was discarded, but no more than is unfinished.
  void discard_tasks(std::size_t count) WEFT_REQUIRES(mutex_);
  void tell_joiners() {
    internal::MutexLock hold(mutex_);
    if (unfinished() == 0) all_done_.notify_all();
  }

  Cells take_all();
  static void require_room(Outcome outcome) {
    if (outcome != Outcome::kDone) throw QueueFull("Queue::put: there was no room in time");
  }

  // acquire: pairs with the release in store_puts(): who sees a put counted sees all before it.
  std::uint64_t load_puts() const { return puts_.load(std::memory_order_acquire); }
  // release: pairs with the acquire in load_puts().
  void store_puts(std::uint64_t puts) WEFT_REQUIRES(mutex_) {
    puts_.store(puts, std::memory_order_release);
  }
  std::uint64_t load_done() const { return done_.load(); }
  bool add_done(std::uint64_t& expected, std::uint64_t count) {
    return done_.compare_exchange_weak(expected, expected + count);
  }

  // relaxed, both: a hint when to look, under the mutex.
  std::size_t load_size() const { return size_.load(std::memory_order_relaxed); }
  void store_size() WEFT_REQUIRES(mutex_) {
    size_.store(storage_.size(), std::memory_order_relaxed);
  }

  mutable internal::Mutex mutex_{internal::Mutex::kForTraffic};
  std::size_t maximum_ WEFT_GUARDED_BY(mutex_);
  Storage storage_ WEFT_GUARDED_BY(mutex_);
  std::atomic<std::size_t> size_{0};     // written under mutex_, read anywhere
  std::atomic<std::uint64_t> puts_{0};   // written under mutex_, read anywhere
  std::atomic<std::uint64_t> done_{0};   // written anywhere
  std::atomic<std::size_t> joiners_{0};  // written under mutex_, read anywhere
  bool shut_down_ WEFT_GUARDED_BY(mutex_) = false;
  internal::WaitList not_empty_ WEFT_GUARDED_BY(mutex_);
  internal::WaitList not_full_ WEFT_GUARDED_BY(mutex_);
  internal::WaitList all_done_ WEFT_GUARDED_BY(mutex_);
};

}  // namespace weft

#include "primitives/queue/blocking_queue_inl.h"
