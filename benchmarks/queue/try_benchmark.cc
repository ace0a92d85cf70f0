// What a queue costs that is asked and does not wait: a thread whose turn it is not yields, and
// asks again.
//
// Peers, where the system has them: boost::lockfree::queue of a fixed size,
// tbb::concurrent_queue and moodycamel::ConcurrentQueue, which have no maximum, and the textbook's
// queue, whose mutex they all want to do without.
#include <benchmark/benchmark.h>

#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>

#include "benchmarks/threading/shared.h"
#include "primitives/queue/queue.h"

#ifdef WEFT_HAVE_BOOST
#include <boost/lockfree/queue.hpp>
#endif
#ifdef WEFT_HAVE_ONETBB
#include <oneapi/tbb/concurrent_queue.h>
#endif
#ifdef WEFT_HAVE_MOODYCAMEL
#include <concurrentqueue.h>
#endif

namespace weft::benchmarks {
namespace {

// All in one shape: try_put() and try_get(), which do not wait.
class WeftQueue {
 public:
  explicit WeftQueue(std::size_t capacity) : queue_(capacity) {}
  bool try_put(long item) { return queue_.try_put(item); }
  bool try_get(long& item) {
    const std::optional<long> got = queue_.try_get();
    if (got) item = *got;
    return got.has_value();
  }

 private:
  weft::Queue<long> queue_;
};

class TextbookQueue {
 public:
  explicit TextbookQueue(std::size_t capacity) : capacity_(capacity) {}
  bool try_put(long item) {
    const std::scoped_lock hold(mutex_);
    if (items_.size() >= capacity_) return false;
    items_.push_back(item);
    return true;
  }
  bool try_get(long& item) {
    const std::scoped_lock hold(mutex_);
    if (items_.empty()) return false;
    item = items_.front();
    items_.pop_front();
    return true;
  }

 private:
  const std::size_t capacity_;
  std::mutex mutex_;
  std::deque<long> items_;  // guarded by mutex_
};

#ifdef WEFT_HAVE_BOOST
class BoostLockfreeQueue {
 public:
  explicit BoostLockfreeQueue(std::size_t capacity) : queue_(capacity) {}
  bool try_put(long item) { return queue_.bounded_push(item); }
  bool try_get(long& item) { return queue_.pop(item); }

 private:
  boost::lockfree::queue<long> queue_;
};
#endif

#ifdef WEFT_HAVE_ONETBB
class TbbQueue {
 public:
  explicit TbbQueue(std::size_t) {}
  bool try_put(long item) {
    queue_.push(item);
    return true;
  }
  bool try_get(long& item) { return queue_.try_pop(item); }

 private:
  tbb::concurrent_queue<long> queue_;
};
#endif

#ifdef WEFT_HAVE_MOODYCAMEL
class MoodycamelQueue {
 public:
  explicit MoodycamelQueue(std::size_t) {}
  bool try_put(long item) { return queue_.enqueue(item); }
  bool try_get(long& item) { return queue_.try_dequeue(item); }

 private:
  moodycamel::ConcurrentQueue<long> queue_;
};
#endif

template <class Queue>
void BM_QueueTryUncontended(benchmark::State& state) {
  Queue queue(static_cast<std::size_t>(state.range(0)));
  long item = 0;
  for (auto _ : state) {
    if (!queue.try_put(1) || !queue.try_get(item)) {
      return state.SkipWithError("there was no room, or no item");
    }
    benchmark::DoNotOptimize(item);
  }
  state.SetItemsProcessed(state.iterations());
}

// As many producers as consumers, and each moves as many items.
template <class Queue>
void BM_QueueTryTransfer(benchmark::State& state) {
  Queue& queue = Shared<Queue>::get();
  if (state.thread_index() % 2 == 0) {
    long next = 0;
    for (auto _ : state) {
      while (!queue.try_put(next)) std::this_thread::yield();
      ++next;
    }
    state.SetItemsProcessed(state.iterations());
  } else {
    long item = 0;
    for (auto _ : state) {
      while (!queue.try_get(item)) std::this_thread::yield();
      benchmark::DoNotOptimize(item);
    }
  }
}

void alone(benchmark::internal::Benchmark* benchmark) {
  benchmark->ArgName("capacity")->Arg(1024)->UseRealTime();
}

template <class Queue>
void transfer(benchmark::internal::Benchmark* benchmark) {
  benchmark->ArgName("capacity")->Arg(1024)->UseRealTime()->Threads(2)->Threads(4)->Threads(8);
  benchmark->Setup(Shared<Queue>::make_of_size)->Teardown(Shared<Queue>::drop);
}

#define WEFT_TRY_BENCHMARKS(Queue)                        \
  BENCHMARK(BM_QueueTryUncontended<Queue>)->Apply(alone); \
  BENCHMARK(BM_QueueTryTransfer<Queue>)->Apply(transfer<Queue>)

WEFT_TRY_BENCHMARKS(WeftQueue);
WEFT_TRY_BENCHMARKS(TextbookQueue);
#ifdef WEFT_HAVE_BOOST
WEFT_TRY_BENCHMARKS(BoostLockfreeQueue);
#endif
#ifdef WEFT_HAVE_ONETBB
WEFT_TRY_BENCHMARKS(TbbQueue);
#endif
#ifdef WEFT_HAVE_MOODYCAMEL
WEFT_TRY_BENCHMARKS(MoodycamelQueue);
#endif

}  // namespace
}  // namespace weft::benchmarks
