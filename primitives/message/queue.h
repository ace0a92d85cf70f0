// Queue, JoinableQueue, SimpleQueue: values from process to process, in the vocabulary of Python's
// multiprocessing and the words of weft::Queue.
//
//   ipc::Queue<std::string> queue;
//   ipc::Process child([queue]() mutable { queue.put("hello"); });
//   child.start();
//   std::string text = queue.get();
//
// A handle: copies of it, also those that a fork makes, are the same queue. It lies in memory that
// the maker shares with the children it forks later. T is what codec.h can encode.
//
// put() copies the value into the shared memory itself, at once. There is no thread behind it, as
// Python has one: an item is there for get() when put() returns, a process that ends owes nothing,
// and an error of the encoding is put()'s. The price: where Python's Queue grows, this one waits.
// With a maximum of 0 there is room for as many items as fit into `bytes`; an item that is longer
// than all of them goes in pieces, while a getter takes them out, so put() waits for one. Who joins
// a process that puts more than fits gets the items first.
//
// Thread safety: every function from any thread of any process.
// Memory ordering: what a process did before put() is done when get() returns that item; what it
//                  did before task_done() when join() returns.
// Invariants:     (I1) Every item that was put is got once; items of one producer in its order.
//                 (I2) With a maximum above zero, put never makes qsize() pass it.
//                 (I3) An item that could not be put, in time or at all, is not there in part.
//                 (I4) A process that is killed, wherever, delays the others by some 50 ms and no
//                      more. Lost is at most the item that it was putting or getting; no item comes
//                      twice or torn. Items that were half through are counted (torn()).
// Non-invariants: qsize(), empty() and full() may be wrong by the time they return. Getters are
//                 not served in order. A stopped process (SIGSTOP) inside put or get delays the
//                 others until it goes on. Who puts a long item while the first in line waits for
//                 room stands in line, also if a short one would fit.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "primitives/base/deadline.h"
#include "primitives/base/errors.h"
#include "primitives/message/bulk.h"
#include "primitives/message/byte_queue.h"
#include "primitives/message/codec.h"

namespace weft::ipc {

inline constexpr std::size_t kQueueBytes = std::size_t{1} << 20;

template <class T>
class Queue {
 public:
  // Throws ValueError for a maximum of 2^30, or 2^34 bytes; std::system_error without memory.
  explicit Queue(std::size_t maximum = 0, std::size_t bytes = kQueueBytes)
      : queue_(maximum, bytes) {}
  Queue(const Queue& other) : queue_(other.queue_), closed_(other.closed()) {}
  Queue& operator=(const Queue&) = delete;

  // Waits for room. Throws ValueError for a value that cannot be encoded, and, as all that follow,
  // once this handle is closed.
  void put(const T& item) { (void)put_before(item, Deadline::never()); }
  // Throws QueueFull if there is no room, at once or in time; zero or less only looks.
  void put_nowait(const T& item) { require_room(put_before(item, Deadline::passed())); }
  template <class Rep, class Period>
  void put_for(const T& item, const std::chrono::duration<Rep, Period>& timeout) {
    require_room(put_before(item, Deadline::after(timeout)));
  }
  // The same without QueueFull.
  [[nodiscard]] bool try_put(const T& item) { return put_before(item, Deadline::passed()); }
  template <class Clock, class Duration>
  [[nodiscard]] bool try_put_until(const T& item,
                                   const std::chrono::time_point<Clock, Duration>& when) {
    return Deadline::retry_until(when, [&](const Deadline& d) { return put_before(item, d); });
  }

  // Waits for an item. Throws DecodeError for one of another type, and CorruptQueueError.
  T get() { return *get_before(Deadline::never()); }
  // The same; of a string or vector the memory is used again.
  void get_into(T& item) {
    if constexpr (detail::kIsBulk<T>) {
      (void)get_bulk(item, Deadline::never());
    } else {
      item = get();
    }
  }
  // Throws QueueEmpty if there is nothing, at once or in time; zero or less only looks.
  T get_nowait() { return require_item(get_before(Deadline::passed())); }
  template <class Rep, class Period>
  T get_for(const std::chrono::duration<Rep, Period>& timeout) {
    return require_item(get_before(Deadline::after(timeout)));
  }
  // The same without QueueEmpty.
  [[nodiscard]] std::optional<T> try_get() { return get_before(Deadline::passed()); }
  template <class Rep, class Period>
  [[nodiscard]] std::optional<T> try_get_for(const std::chrono::duration<Rep, Period>& timeout) {
    return get_before(Deadline::after(timeout));
  }
  template <class Clock, class Duration>
  [[nodiscard]] std::optional<T> try_get_until(
      const std::chrono::time_point<Clock, Duration>& when) {
    std::optional<T> item;
    Deadline::retry_until(when, [&](const Deadline& d) {
      item = get_before(d);
      return item.has_value();
    });
    return item;
  }

  std::size_t qsize() const { return open("qsize").size(); }
  // Also false while a part of a long item is there.
  bool empty() const { return open("empty").empty(); }
  bool full() const { return open("full").full(); }
  std::size_t maximum() const { return queue_.maximum(); }
  // Items of which a part was discarded because a process ended inside put() or get(), or because
  // the time of a put() was over.
  std::uint64_t torn() const { return queue_.torn(); }

  // This handle is used no more; others are not closed by that, and what is inside stays.
  void close() { closed_ = true; }
  bool closed() const { return closed_; }

  // The same for all handles of one queue; what reports call it by.
  const void* shared_address() const { return queue_.shared_address(); }
  detail::ByteQueue& bytes_for_test() { return queue_; }

 protected:
  detail::ByteQueue& open(const char* operation) {
    require_open(operation);
    return queue_;
  }
  const detail::ByteQueue& open(const char* operation) const {
    require_open(operation);
    return queue_;
  }

 private:
  void require_open(const char* operation) const {
    if (closed_) throw ValueError(std::string("Queue::") + operation + ": the queue is closed");
  }
  static void require_room(bool was_put) {
    if (!was_put) throw QueueFull("Queue::put: there was no room in time");
  }
  static T require_item(std::optional<T> item) {
    if (!item) throw QueueEmpty("Queue::get: there was no item in time");
    return *std::move(item);
  }

  bool put_before(const T& item, const Deadline& deadline) {
    detail::ByteQueue& queue = open("put");
    if constexpr (detail::kIsBulk<T>) {
      return queue.put(detail::bulk_head(item), std::as_bytes(std::span(item.data(), item.size())),
                       deadline);
    } else {
      constexpr std::size_t kShort = 512;
      const std::size_t size = encoded_size(item);
      if (size <= kShort) {
        std::byte buffer[kShort];
        const std::span<std::byte> bytes = std::span(buffer).first(size);
        detail::encode_measured(bytes, item);
        return queue.put(bytes, {}, deadline);
      }
      const auto buffer = std::make_unique_for_overwrite<std::byte[]>(size);
      const std::span<std::byte> bytes(buffer.get(), size);
      detail::encode_measured(bytes, item);
      return queue.put(bytes, {}, deadline);
    }
  }
  std::optional<T> get_before(const Deadline& deadline) {
    std::optional<T> item;
    if constexpr (detail::kIsBulk<T>) {
      if (!get_bulk(item.emplace(), deadline)) item.reset();
    } else {
      detail::Message message;
      if (open("get").get(message, deadline)) item.emplace(decode<T>(message.bytes()));
    }
    return item;
  }
  bool get_bulk(T& item, const Deadline& deadline) {
    detail::BulkSink<T> sink(item);
    if (!open("get").get(sink, deadline)) return false;
    sink.finish();
    return true;
  }

  detail::ByteQueue queue_;
  std::atomic<bool> closed_{false};
};

// Counts what is still to be done, as weft::Queue does.
template <class T>
class JoinableQueue : public Queue<T> {
 public:
  using Queue<T>::Queue;

  // Says that the work on one item that was got is done. Throws ValueError if that would be one
  // more than were put.
  void task_done() {
    if (!this->open("task_done").task_done()) {
      throw ValueError("JoinableQueue::task_done: called more often than items were put");
    }
  }
  // Waits until every item that was put is done with; at once if none was. A process that is killed
  // before it calls task_done() for what it got leaves that to be done.
  void join() { (void)this->open("join").join(Deadline::never()); }
  template <class Rep, class Period>
  [[nodiscard]] bool join_for(const std::chrono::duration<Rep, Period>& timeout) {
    return this->open("join").join(Deadline::after(timeout));
  }
  std::size_t unfinished_tasks() const { return this->open("unfinished_tasks").unfinished(); }
};

// The same ring with fewer words.
template <class T>
class SimpleQueue {
 public:
  explicit SimpleQueue(std::size_t bytes = kQueueBytes) : queue_(0, bytes) {}

  void put(const T& item) { queue_.put(item); }
  T get() { return queue_.get(); }
  T get_nowait() { return queue_.get_nowait(); }
  [[nodiscard]] std::optional<T> try_get() { return queue_.try_get(); }
  std::size_t qsize() const { return queue_.qsize(); }
  bool empty() const { return queue_.empty(); }
  void close() { queue_.close(); }
  const void* shared_address() const { return queue_.shared_address(); }

 private:
  Queue<T> queue_;
};

}  // namespace weft::ipc
