#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "benchmarks/tour/checks.h"
#include "primitives/annotate.h"
#include "primitives/queue/lifo_queue.h"
#include "primitives/queue/priority_queue.h"
#include "primitives/queue/queue.h"
#include "primitives/queue/simple_queue.h"
#include "primitives/threading/lock.h"

namespace weft::tour {
namespace {

constexpr int kProducers = 2;
constexpr int kConsumers = 2;
constexpr int kItems = 12;  // of each producer

// Producer p puts p * kItems, p * kItems + 1, ...; the consumers share the items evenly. Returns
// what each consumer got, in its order.
template <class AnyQueue>
std::vector<std::vector<int>> transfer(Run& run, AnyQueue& queue) {
  std::vector<std::vector<int>> got(kConsumers);
  for (int p = 0; p < kProducers; ++p) {
    run.thread("producer " + std::to_string(p), [&queue, p] {
      for (int i = 0; i < kItems; ++i) queue.put(p * kItems + i);
    });
  }
  for (int c = 0; c < kConsumers; ++c) {
    run.thread("consumer " + std::to_string(c), [&queue, &mine = got[c]] {
      for (int i = 0; i < kProducers * kItems / kConsumers; ++i) mine.push_back(queue.get());
    });
  }
  run.join();
  return got;
}

void require_each_once(Run& run, const std::vector<std::vector<int>>& got) {
  std::vector<int> times(kProducers * kItems, 0);
  for (const auto& of_one : got) {
    for (const int item : of_one) ++times.at(item);
  }
  for (std::size_t item = 0; item < times.size(); ++item) {
    run.require(times[item] == 1, "item " + std::to_string(item) + " was got " +
                                      std::to_string(times[item]) + " times");
  }
}

// One consumer sees the items of one producer in the order in which they were put.
void require_order(Run& run, const std::vector<std::vector<int>>& got) {
  for (const auto& of_one : got) {
    std::vector<int> last(kProducers, -1);
    for (const int item : of_one) {
      int& before = last[item / kItems];
      run.require(item > before,
                  "item " + std::to_string(item) + " came after " + std::to_string(before));
      before = item;
    }
  }
}

void queue_is_fifo(Run& run) {
  Queue<int> queue(3);
  const auto got = transfer(run, queue);
  require_each_once(run, got);
  require_order(run, got);
  run.require(queue.empty(), "items are left over");
}

void simple_queue_is_fifo(Run& run) {
  SimpleQueue<int> queue;
  const auto got = transfer(run, queue);
  require_each_once(run, got);
  require_order(run, got);
}

void lifo_queue_loses_nothing(Run& run) {
  LifoQueue<int> queue(3);
  require_each_once(run, transfer(run, queue));
}

void priority_queue_gives_the_least(Run& run) {
  PriorityQueue<int> queue;
  for (int p = 0; p < kProducers; ++p) {
    run.thread([&queue, p] {
      for (int i = 0; i < kItems; ++i) queue.put(p + kProducers * ((i * 7) % kItems));
    });
  }
  run.join();
  for (int expected = 0; expected < kProducers * kItems; ++expected) {
    run.require(queue.get() == expected, "the queue did not give the least item first");
  }
}

// A producer alone can fill it: whoever looks never sees more than the maximum.
void queue_keeps_its_maximum(Run& run) {
  constexpr std::size_t kMaximum = 2;
  Queue<int> queue(kMaximum);
  run.thread("observer", [&] {
    for (int look = 0; look < 20; ++look) {
      run.require(queue.qsize() <= kMaximum, "the queue held more than its maximum");
    }
  });
  require_each_once(run, transfer(run, queue));
}

void join_waits_for_the_work(Run& run) {
  Queue<int> queue;
  Lock lock;
  int worked = 0;
  for (int i = 0; i < kItems; ++i) queue.put(i);
  for (int w = 0; w < 2; ++w) {
    run.thread("worker", [&] {
      while (queue.try_get()) {
        annotate::point("working");
        {
          std::scoped_lock hold(lock);
          ++worked;
        }
        queue.task_done();
      }
    });
  }
  run.start();
  // At this moment the last items have been got, and are perhaps still worked on.
  while (!queue.empty()) std::this_thread::yield();
  queue.join();
  {
    std::scoped_lock hold(lock);
    run.require(worked == kItems, "join() returned after " + std::to_string(worked) + " tasks");
  }
  run.join();
}

void shutdown_frees_all(Run& run) {
  Queue<int> queue;
  Lock lock;
  int got = 0;
  for (int c = 0; c < 3; ++c) {
    run.thread("consumer", [&] {
      for ([[maybe_unused]] const int& item : queue) {
        std::scoped_lock hold(lock);
        ++got;
      }
    });
  }
  run.thread("closer", [&] {
    for (int i = 0; i < kItems; ++i) queue.put(i);
    queue.shutdown();
  });
  run.join();
  run.require(got == kItems,
              "of the items put before shutdown() " + std::to_string(got) + " were got");
}

}  // namespace

std::vector<Check> queue_checks() {
  return {
      {"Queue", "each item is got once, those of one producer in order", queue_is_fifo},
      {"Queue, its maximum", "it never holds more items than its maximum", queue_keeps_its_maximum},
      {"Queue, join", "join() returns after the last task_done()", join_waits_for_the_work},
      {"Queue, shutdown", "it frees all who wait, and no item is lost", shutdown_frees_all},
      {"LifoQueue", "each item is got once", lifo_queue_loses_nothing},
      {"PriorityQueue", "what two threads put is got least first", priority_queue_gives_the_least},
      {"SimpleQueue", "each item is got once, those of one producer in order",
       simple_queue_is_fifo},
  };
}

}  // namespace weft::tour
