// The queues that are compared, in one shape: put(long) and get(), both of which wait.
//
// Thread safety: put() and get() from any thread.
// Invariant: kBounded says whether a capacity above zero is kept, kUnbounded whether zero, for
// none, is possible.
#pragma once

#ifdef WEFT_HAVE_BOOST
// With interruptions, which nobody here wants, it would need a library to link.
#define BOOST_THREAD_DONT_PROVIDE_INTERRUPTIONS
#include <boost/thread/lock_guard.hpp>
// Needs the header above, and does not include it.
#include <boost/thread/sync_bounded_queue.hpp>
#endif
#ifdef WEFT_HAVE_ONETBB
#include <oneapi/tbb/concurrent_queue.h>
#endif
#ifdef WEFT_HAVE_MOODYCAMEL
#include <blockingconcurrentqueue.h>
#endif

#include <algorithm>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <iterator>
#include <mutex>
#include <queue>
#include <span>
#include <stack>
#include <vector>

#include "primitives/queue/lifo_queue.h"
#include "primitives/queue/priority_queue.h"
#include "primitives/queue/queue.h"
#include "primitives/queue/simple_queue.h"

namespace weft::benchmarks {

inline constexpr std::size_t kBatch = 32;

// Of a queue without a call for many: one by one.
template <class Queue>
void put_batch(Queue& queue, const long (&batch)[kBatch]) {
  for (const long item : batch) queue.put(item);
}
template <class Queue>
void get_batch(Queue& queue, long (&batch)[kBatch]) {
  for (long& item : batch) item = queue.get();
}
// weft's; get_many() brings as many as there are.
template <class Queue>
concept HasMany = requires(Queue queue, std::vector<long> out) { queue.get_many(kBatch, out); };
template <HasMany Queue>
void put_batch(Queue& queue, const long (&batch)[kBatch]) {
  long items[kBatch];  // moved from; the others copy theirs
  std::copy(std::begin(batch), std::end(batch), items);
  queue.put_many(items);
}
template <HasMany Queue>
void get_batch(Queue& queue, long (&batch)[kBatch]) {
  thread_local std::vector<long> items;
  items.clear();
  while (items.size() < kBatch) queue.get_many(kBatch - items.size(), items);
  std::copy(items.begin(), items.end(), batch);
}

template <class Queue>
class WeftAdapter {
 public:
  static constexpr bool kBounded = true;
  static constexpr bool kUnbounded = true;

  explicit WeftAdapter(std::size_t capacity) : queue_(capacity) {}
  void put(long item) { queue_.put(item); }
  long get() { return queue_.get(); }
  void put_many(std::span<long> items) { queue_.put_many(items); }
  std::size_t get_many(std::size_t at_most, std::vector<long>& out) {
    return queue_.get_many(at_most, out);
  }

 private:
  Queue queue_;
};

class WeftQueue : public WeftAdapter<weft::Queue<long>> {
  using WeftAdapter::WeftAdapter;
};
// Says of each item that the work on it is done, as a worker does that others join().
class WeftQueueOfTasks {
 public:
  static constexpr bool kBounded = true;
  static constexpr bool kUnbounded = true;

  explicit WeftQueueOfTasks(std::size_t capacity) : queue_(capacity) {}
  void put(long item) { queue_.put(item); }
  long get() {
    const long item = queue_.get();
    queue_.task_done();
    return item;
  }
  void put_many(std::span<long> items) { queue_.put_many(items); }
  std::size_t get_many(std::size_t at_most, std::vector<long>& out) {
    const std::size_t got = queue_.get_many(at_most, out);
    queue_.task_done_many(got);
    return got;
  }

 private:
  weft::Queue<long> queue_;
};
class WeftLifoQueue : public WeftAdapter<weft::LifoQueue<long>> {
  using WeftAdapter::WeftAdapter;
};
class WeftPriorityQueue : public WeftAdapter<weft::PriorityQueue<long>> {
  using WeftAdapter::WeftAdapter;
};

class WeftSimpleQueue {
 public:
  static constexpr bool kBounded = false;
  static constexpr bool kUnbounded = true;

  explicit WeftSimpleQueue(std::size_t) {}
  void put(long item) { queue_.put(item); }
  long get() { return queue_.get(); }
  void put_many(std::span<long> items) { queue_.put_many(items); }
  std::size_t get_many(std::size_t at_most, std::vector<long>& out) {
    return queue_.get_many(at_most, out);
  }

 private:
  weft::SimpleQueue<long> queue_;
};

// What a textbook would write: one mutex, a condition for each kind of waiting. Items has
// emplace(), pop(), empty() and size(); kNext reads the next one.
template <class Items, long (*kNext)(const Items&)>
class Textbook {
 public:
  static constexpr bool kBounded = true;
  static constexpr bool kUnbounded = true;

  explicit Textbook(std::size_t capacity) : capacity_(capacity) {}
  void put(long item) {
    {
      std::unique_lock hold(mutex_);
      not_full_.wait(hold, [this] { return capacity_ == 0 || items_.size() < capacity_; });
      items_.emplace(item);
    }
    not_empty_.notify_one();
  }
  long get() {
    long item = 0;
    {
      std::unique_lock hold(mutex_);
      not_empty_.wait(hold, [this] { return !items_.empty(); });
      item = kNext(items_);
      items_.pop();
    }
    not_full_.notify_one();
    return item;
  }

 private:
  const std::size_t capacity_;
  std::mutex mutex_;
  std::condition_variable not_empty_;
  std::condition_variable not_full_;
  Items items_;  // guarded by mutex_
};

inline long front_of(const std::queue<long>& items) { return items.front(); }
inline long top_of(const std::stack<long>& items) { return items.top(); }
inline long least_of(const std::priority_queue<long, std::vector<long>, std::greater<>>& items) {
  return items.top();
}
using TextbookQueue = Textbook<std::queue<long>, front_of>;
using TextbookLifoQueue = Textbook<std::stack<long>, top_of>;
using TextbookPriorityQueue =
    Textbook<std::priority_queue<long, std::vector<long>, std::greater<>>, least_of>;

#ifdef WEFT_HAVE_BOOST
class BoostSyncBoundedQueue {
 public:
  static constexpr bool kBounded = true;
  static constexpr bool kUnbounded = false;

  explicit BoostSyncBoundedQueue(std::size_t capacity) : queue_(capacity) {}
  void put(long item) { queue_.push_back(item); }
  long get() { return queue_.pull_front(); }

 private:
  boost::concurrent::sync_bounded_queue<long> queue_;
};
#endif

#ifdef WEFT_HAVE_ONETBB
class TbbBoundedQueue {
 public:
  static constexpr bool kBounded = true;
  static constexpr bool kUnbounded = true;

  explicit TbbBoundedQueue(std::size_t capacity) {
    if (capacity > 0) queue_.set_capacity(static_cast<std::ptrdiff_t>(capacity));
  }
  void put(long item) { queue_.push(item); }
  long get() {
    long item = 0;
    queue_.pop(item);
    return item;
  }

 private:
  tbb::concurrent_bounded_queue<long> queue_;
};
#endif

#ifdef WEFT_HAVE_MOODYCAMEL
class MoodycamelBlockingQueue {
 public:
  static constexpr bool kBounded = false;
  static constexpr bool kUnbounded = true;

  explicit MoodycamelBlockingQueue(std::size_t) {}
  void put(long item) { queue_.enqueue(item); }
  long get() {
    long item = 0;
    queue_.wait_dequeue(item);
    return item;
  }

 private:
  friend void put_batch(MoodycamelBlockingQueue& queue, const long (&batch)[kBatch]);
  friend void get_batch(MoodycamelBlockingQueue& queue, long (&batch)[kBatch]);
  moodycamel::BlockingConcurrentQueue<long> queue_;
};

inline void put_batch(MoodycamelBlockingQueue& queue, const long (&batch)[kBatch]) {
  queue.queue_.enqueue_bulk(batch, kBatch);
}
// It brings as many as there are.
inline void get_batch(MoodycamelBlockingQueue& queue, long (&batch)[kBatch]) {
  for (std::size_t got = 0; got < kBatch;) {
    got += queue.queue_.wait_dequeue_bulk(batch + got, kBatch - got);
  }
}
#endif

}  // namespace weft::benchmarks
