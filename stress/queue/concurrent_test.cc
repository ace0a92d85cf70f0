// What holds of the queues when many threads use them, in whatever order they run.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <optional>
#include <stop_token>
#include <vector>

#include "primitives/base/errors.h"
#include "primitives/queue/lifo_queue.h"
#include "primitives/queue/priority_queue.h"
#include "primitives/queue/queue.h"
#include "primitives/queue/simple_queue.h"
#include "stress/check.h"

namespace weft {
namespace {

constexpr int kProducers = 2;
constexpr int kConsumers = 2;
constexpr int kItems = 20;  // of each producer

// An hour is not to end a wait, though the explorer's threads may be slower than that.
const Options kPatiently{.patient = true};

// Item = producer * kItems + number. Each consumer gets its share.
template <class Q>
std::vector<std::vector<int>> exchange_all(Run& run, Q& queue) {
  std::vector<std::vector<int>> got(kConsumers);
  for (int producer = 0; producer < kProducers; ++producer) {
    run.thread([&queue, producer] {
      for (int i = 0; i < kItems; ++i) queue.put(producer * kItems + i);
    });
  }
  for (auto& mine : got) {
    run.thread([&queue, &mine] {
      for (int i = 0; i < kProducers * kItems / kConsumers; ++i) mine.push_back(queue.get());
    });
  }
  run.join();
  return got;
}

void require_each_once(Run& run, const std::vector<std::vector<int>>& got) {
  std::vector<int> all;
  for (const auto& mine : got) all.insert(all.end(), mine.begin(), mine.end());
  std::sort(all.begin(), all.end());
  bool once = all.size() == std::size_t{kProducers * kItems};
  for (std::size_t i = 0; once && i < all.size(); ++i) once = all[i] == static_cast<int>(i);
  run.require(once, "each item is got exactly once");
}

void require_order_of_producers(Run& run, const std::vector<std::vector<int>>& got) {
  for (const auto& mine : got) {
    for (int producer = 0; producer < kProducers; ++producer) {
      std::vector<int> of_producer;
      std::copy_if(mine.begin(), mine.end(), std::back_inserter(of_producer),
                   [&](int item) { return item / kItems == producer; });
      run.require(std::is_sorted(of_producer.begin(), of_producer.end()),
                  "a consumer sees the items of one producer in its order");
    }
  }
}

template <class Q>
class EveryQueueAmongThreads : public testing::Test {};
using Queues = testing::Types<Queue<int>, LifoQueue<int>, PriorityQueue<int>>;
TYPED_TEST_SUITE(EveryQueueAmongThreads, Queues);

TYPED_TEST(EveryQueueAmongThreads, NoItemIsLostOrTakenTwice) {
  for (const std::size_t maximum : {1, 3, 0}) {
    check([maximum](weft::Run& run) {
      TypeParam queue(maximum);
      const auto got = exchange_all(run, queue);
      require_each_once(run, got);
      run.require(queue.empty(), "nothing is left");
    });
  }
}

// QU1
TEST(Queue, KeepsTheOrderOfEachProducer) {
  check([](weft::Run& run) {
    Queue<int> queue(2);
    require_order_of_producers(run, exchange_all(run, queue));
  });
}

// QU1
TEST(SimpleQueue, LosesNothingAndKeepsTheOrderOfEachProducer) {
  check([](weft::Run& run) {
    SimpleQueue<int> queue;
    const auto got = exchange_all(run, queue);
    require_each_once(run, got);
    require_order_of_producers(run, got);
  });
}

// The queue itself promises no count of its own that could be wrong: what is inside is what was put
// less what was got, and both are counted where the queue cannot reorder them.
TYPED_TEST(EveryQueueAmongThreads, NeverHoldsMoreThanItsMaximum) {
  check([](weft::Run& run) {
    constexpr int kMaximum = 2;
    TypeParam queue(kMaximum);
    std::atomic<int> begun_gets{0};
    std::atomic<int> ended_puts{0};
    for (int producer = 0; producer < kProducers; ++producer) {
      run.thread([&] {
        for (int i = 0; i < kItems; ++i) {
          queue.put(i);
          const int puts = ++ended_puts;
          run.require(puts - begun_gets <= kMaximum, "no put passes the maximum");
        }
      });
    }
    run.thread([&] {
      for (int i = 0; i < kProducers * kItems; ++i) {
        ++begun_gets;
        (void)queue.get();
      }
    });
    run.join();
  });
}

TYPED_TEST(EveryQueueAmongThreads, JoinWaitsForTheWorkOnEveryItem) {
  check([](weft::Run& run) {
    TypeParam queue;
    for (int i = 0; i < kItems; ++i) queue.put(i);
    std::vector<int> done(kItems, 0);  // each element is one worker's, and the joiners' after
    for (int worker = 0; worker < kConsumers; ++worker) {
      run.thread([&] {
        while (const std::optional<int> item = queue.try_get()) {
          done[static_cast<std::size_t>(*item)] = 1;
          queue.task_done();
        }
      });
    }
    for (int joiner = 0; joiner < 2; ++joiner) {
      run.thread([&] {
        queue.join();
        run.require(std::count(done.begin(), done.end(), 1) == kItems,
                    "join returns when all work is done, and sees it");
      });
    }
    run.join();
  });
}

// QU8
TYPED_TEST(EveryQueueAmongThreads, ShutdownLetsEverybodyGoAndLosesNothing) {
  check([](weft::Run& run) {
    TypeParam queue(1);
    std::atomic<int> puts{0};
    std::atomic<int> gets{0};
    const auto put = [&] {
      try {
        for (int i = 0;; ++i) {
          queue.put(i);
          ++puts;
        }
      } catch (const QueueShutDown&) {
      }
    };
    const auto get = [&] {
      for (const int item : queue) {
        (void)item;
        ++gets;
      }
    };
    run.thread(put);
    run.thread(put);
    run.thread(get);
    run.thread([&] { queue.shutdown(); });
    run.join();
    run.require(puts == gets, "every item of a put that returned is got");
    run.require(queue.empty(), "a getter stops only when nothing is left");
  });
}

// QU8
TYPED_TEST(EveryQueueAmongThreads, ShutdownOfAFullQueueLetsPuttersGo) {
  check([](weft::Run& run) {
    TypeParam queue(1);
    queue.put(0);
    for (int i = 0; i < 2; ++i) run.thread([&] { EXPECT_THROW(queue.put(1), QueueShutDown); });
    run.thread([&] { queue.shutdown(); });
    run.join();
    run.require(queue.get() == 0, "what was inside is left");
  });
}

// QU8
TYPED_TEST(EveryQueueAmongThreads, ShutdownOfAnEmptyQueueLetsGettersGo) {
  check(
      [](weft::Run& run) {
        TypeParam queue;
        for (int i = 0; i < 2; ++i) run.thread([&] { EXPECT_THROW(queue.get(), QueueShutDown); });
        run.thread([&] { EXPECT_THROW(queue.get_for(std::chrono::hours(1)), QueueShutDown); });
        run.thread([&] { queue.shutdown(); });
        run.join();
      },
      kPatiently);
}

TYPED_TEST(EveryQueueAmongThreads, ImmediateShutdownLetsJoinersGoOnceFetchedItemsAreDone) {
  check([](weft::Run& run) {
    TypeParam queue;
    for (int i = 0; i < 3; ++i) queue.put(i);
    (void)queue.get();
    std::atomic<bool> fetched_is_done{false};
    run.thread([&] {
      queue.join();
      run.require(fetched_is_done, "join still waits for the item that was fetched");
    });
    run.thread([&] {
      queue.shutdown(ShutDownMode::kImmediate);
      fetched_is_done = true;
      queue.task_done();
    });
    run.join();
  });
}

TYPED_TEST(EveryQueueAmongThreads, ImmediateShutdownLetsJoinersGo) {
  check([](weft::Run& run) {
    TypeParam queue;
    queue.put(1);
    run.thread([&] { queue.join(); });
    run.thread([&] { queue.shutdown(ShutDownMode::kImmediate); });
    run.join();
  });
}

TYPED_TEST(EveryQueueAmongThreads, ALargerMaximumLetsAllWaitingPuttersIn) {
  check([](weft::Run& run) {
    TypeParam queue(1);
    queue.put(0);
    for (int i = 1; i <= 3; ++i) run.thread([&, i] { queue.put(i); });
    run.thread([&] { queue.set_maximum(4); });
    run.join();
    run.require(queue.qsize() == 4, "all are in");
  });
}

TYPED_TEST(EveryQueueAmongThreads, ASmallerMaximumHoldsPuttersBackUntilThereIsRoom) {
  check([](weft::Run& run) {
    TypeParam queue(3);
    for (int i = 0; i < 3; ++i) queue.put(i);
    std::atomic<int> gets{0};
    run.thread([&] {
      queue.put(3);
      run.require(gets >= 1, "a put into a full queue waits for a get");
    });
    run.thread([&] {
      queue.set_maximum(1);
      for (int i = 0; i < 3; ++i) {
        ++gets;
        (void)queue.get();
      }
    });
    run.join();
    run.require(queue.qsize() == 1, "the put gets in when there is room");
  });
}

TYPED_TEST(EveryQueueAmongThreads, AStopEndsAWaitAndLeavesTheItemWithItsCaller) {
  check([](weft::Run& run) {
    TypeParam full(1);
    full.put(0);
    TypeParam empty;
    std::stop_source stop;
    run.thread([&] { run.require(!empty.get(stop.get_token()), "there is nothing to get"); });
    run.thread([&] {
      int item = 7;
      run.require(!full.put(std::move(item), stop.get_token()), "there is no room");
    });
    run.thread([&] { stop.request_stop(); });
    run.join();
    run.require(full.get() == 0 && full.empty(), "the item that was not put is not there");
  });
}

// A notification that meets a time-out or a stop is not swallowed by the thread that gives up.
TYPED_TEST(EveryQueueAmongThreads, AGetterThatGivesUpSwallowsNoWakeUp) {
  check([](weft::Run& run) {
    TypeParam queue;
    std::stop_source stop;
    std::atomic<int> got{0};
    run.thread([&] { got += queue.get(stop.get_token()).has_value() ? 1 : 0; });
    run.thread(
        [&] { got += queue.try_get_for(std::chrono::microseconds(50)).has_value() ? 1 : 0; });
    run.thread([&] {
      (void)queue.get();
      ++got;
    });
    run.thread([&] {
      queue.put(1);
      stop.request_stop();
      queue.put(2);
      queue.put(3);
    });
    run.join();
    run.require(got + static_cast<int>(queue.qsize()) == 3, "each item is got or still there");
  });
}

TYPED_TEST(EveryQueueAmongThreads, APutterThatGivesUpSwallowsNoWakeUp) {
  check([](weft::Run& run) {
    TypeParam queue(1);
    queue.put(0);
    std::stop_source stop;
    run.thread([&] { (void)queue.put(1, stop.get_token()); });
    run.thread([&] {
      try {
        queue.put_for(2, std::chrono::microseconds(50));
      } catch (const QueueFull&) {
      }
    });
    run.thread([&] { queue.put(3); });
    run.thread([&] {
      int got = queue.get();
      stop.request_stop();
      while (got != 3) got = queue.get();
    });
    run.join();
    run.require(queue.qsize() <= 1, "the maximum holds");
  });
}

TYPED_TEST(EveryQueueAmongThreads, AWaitThatCanSucceedInTimeDoes) {
  check(
      [](weft::Run& run) {
        TypeParam queue(1);
        run.thread([&] { EXPECT_EQ(queue.get_for(std::chrono::hours(1)), 1); });
        run.thread([&] {
          queue.put_for(1, std::chrono::hours(1));
          queue.put_for(2, std::chrono::hours(1));
        });
        run.join();
        run.require(queue.get() == 2, "the second got in after the first was got");
      },
      kPatiently);
}

// QU10: the snapshots are hints, but each is one of a moment.
TYPED_TEST(EveryQueueAmongThreads, SnapshotsAreNeverAbsurd) {
  check([](weft::Run& run) {
    TypeParam queue(2);
    run.thread([&] {
      for (int i = 0; i < kItems; ++i) queue.put(i);
    });
    run.thread([&] {
      for (int i = 0; i < kItems; ++i) (void)queue.get();
    });
    run.thread([&] {
      for (int i = 0; i < kItems; ++i) {
        run.require(queue.qsize() <= 2, "qsize is never above the maximum");
        (void)queue.empty();
        (void)queue.full();
      }
    });
    run.join();
  });
}

TEST(SimpleQueue, AStopEndsAWait) {
  check([](weft::Run& run) {
    SimpleQueue<int> queue;
    std::stop_source stop;
    run.thread([&] { run.require(!queue.get(stop.get_token()), "there is nothing to get"); });
    run.thread([&] { stop.request_stop(); });
    run.join();
  });
}

}  // namespace
}  // namespace weft
