// What holds of the calls for many items at once when many threads use a queue.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <numeric>
#include <span>
#include <stop_token>
#include <vector>

#include "primitives/base/errors.h"
#include "primitives/queue/lifo_queue.h"
#include "primitives/queue/priority_queue.h"
#include "primitives/queue/queue.h"
#include "primitives/queue/simple_queue.h"
#include "stress/check.h"
#include "stress/queue/items.h"

namespace weft {
namespace {

using Ints = std::vector<int>;

Ints numbers(int first, int count) {
  Ints items(static_cast<std::size_t>(count));
  std::iota(items.begin(), items.end(), first);
  return items;
}

template <class Q>
class EveryQueueOfManyAmongThreads : public testing::Test {};
using Queues = testing::Types<Queue<int>, LifoQueue<int>, PriorityQueue<int>>;
TYPED_TEST_SUITE(EveryQueueOfManyAmongThreads, Queues);

// Batches and single items, of both sides.
TYPED_TEST(EveryQueueOfManyAmongThreads, NoItemIsLostOrTakenTwice) {
  for (const std::size_t maximum : {1, 3, 0}) {
    check([maximum](weft::Run& run) {
      constexpr int kBatches = 5;
      constexpr int kBatch = 4;
      TypeParam queue(maximum);
      std::vector<Ints> got(3);
      run.thread([&] {
        for (int i = 0; i < kBatches; ++i) queue.put_many(numbers(i * kBatch, kBatch));
      });
      run.thread([&] {
        for (int i = kBatches * kBatch; i < 2 * kBatches * kBatch; ++i) queue.put(i);
      });
      run.thread([&] {
        while (got[0].size() < kBatches * kBatch) {
          const Ints items = queue.get_many(kBatches * kBatch - got[0].size());
          run.require(!items.empty(), "get_many waits for at least one");
          got[0].insert(got[0].end(), items.begin(), items.end());
        }
      });
      run.thread([&] {
        for (int i = 0; i < kBatches * kBatch; ++i) got[1].push_back(queue.get());
      });
      run.join();
      Ints all(got[0]);
      all.insert(all.end(), got[1].begin(), got[1].end());
      std::sort(all.begin(), all.end());
      run.require(all == numbers(0, 2 * kBatches * kBatch), "each item is got exactly once");
    });
  }
}

TEST(ManyAmongThreads, AProducersItemsKeepTheirOrder) {
  check([](weft::Run& run) {
    Queue<int> queue(2);
    Ints got;
    run.thread([&] { queue.put_many(numbers(0, 7)); });
    run.thread([&] {
      while (got.size() < 7) queue.get_many(3, got);
    });
    run.join();
    run.require(got == numbers(0, 7), "in the order in which they were put");
  });
}

// Two sleepers, one call: each is woken.
TYPED_TEST(EveryQueueOfManyAmongThreads, TwoItemsWakeTwoGetters) {
  check([](weft::Run& run) {
    TypeParam queue;
    for (int i = 0; i < 2; ++i) run.thread([&] { (void)queue.get(); });
    run.thread([&] { queue.put_many(numbers(0, 2)); });
    run.join();
    run.require(queue.empty(), "each has got one");
  });
}

TYPED_TEST(EveryQueueOfManyAmongThreads, TwoItemsThatAreGotWakeTwoPutters) {
  check([](weft::Run& run) {
    TypeParam queue(2);
    queue.put_many(numbers(0, 2));
    for (int i = 2; i < 4; ++i) run.thread([&queue, i] { queue.put(i); });
    run.thread([&] { run.require(queue.get_many(2).size() == 2, "two are there"); });
    run.join();
    run.require(queue.qsize() == 2, "each has put one");
  });
}

// What fits is there for others while the rest waits.
TYPED_TEST(EveryQueueOfManyAmongThreads, APutThatWaitsForRoomHasWokenThoseWhoMakeIt) {
  check([](weft::Run& run) {
    TypeParam queue(1);
    run.thread([&] { queue.put_many(numbers(0, 3)); });
    for (int i = 0; i < 3; ++i) run.thread([&] { (void)queue.get(); });
    run.join();
  });
}

TYPED_TEST(EveryQueueOfManyAmongThreads, NeverHoldsMoreThanItsMaximum) {
  check([](weft::Run& run) {
    TypeParam queue(2);
    for (int producer = 0; producer < 2; ++producer) {
      run.thread([&] { queue.put_many(numbers(0, 5)); });
    }
    run.thread([&] {
      for (std::size_t got = 0; got < 10;) {
        const std::size_t now = queue.get_many(10).size();
        run.require(now <= 2, "no more than the maximum was there");
        got += now;
      }
    });
    run.join();
  });
}

TYPED_TEST(EveryQueueOfManyAmongThreads, AShutdownInTheMiddleOfAPutLosesNothing) {
  check([](weft::Run& run) {
    TypeParam queue(1);
    Ints items = numbers(0, 3);
    std::span<int> left(items);
    std::size_t got = 0;
    bool all = false;
    run.thread([&] {
      try {
        queue.put_many(left);
        all = true;
      } catch (const QueueShutDown&) {
      }
    });
    run.thread([&] {
      try {
        got = queue.try_get_many(3).size();
      } catch (const QueueShutDown&) {  // and empty
      }
    });
    run.thread([&] { queue.shutdown(); });
    run.join();
    run.require(all == left.empty(), "it throws if some are left");
    run.require(got + queue.qsize() + left.size() == 3, "each is got, inside or the caller's");
    run.require(queue.unfinished_tasks() + left.size() == 3, "those that are in count as tasks");
  });
}

// Others' items do not come between those that find room at once.
TYPED_TEST(EveryQueueOfManyAmongThreads, ItemsThatFindRoomAreSeenAllOrNone) {
  for (const std::size_t maximum : {6, 0}) {
    check([maximum](weft::Run& run) {
      TypeParam queue(maximum);
      run.thread([&] { queue.put_many(numbers(0, 3)); });
      run.thread([&] { queue.put_many(numbers(10, 3)); });
      run.thread([&] { run.require(queue.qsize() % 3 == 0, "all or none of a batch are seen"); });
      run.join();
      if constexpr (!std::is_same_v<TypeParam, PriorityQueue<int>>) {
        const Ints got = queue.get_many(6);
        run.require(got[0] / 10 == got[2] / 10 && got[3] / 10 == got[5] / 10,
                    "a batch is side by side");
      }
    });
  }
}

TYPED_TEST(EveryQueueOfManyAmongThreads, JoinWaitsForTheWorkOnEveryItem) {
  check([](weft::Run& run) {
    TypeParam queue;
    queue.put_many(numbers(0, 4));
    std::atomic<int> done{0};
    for (int worker = 0; worker < 2; ++worker) {
      run.thread([&] {
        const Ints items = queue.get_many(2);
        done += static_cast<int>(items.size());
        queue.task_done_many(items.size());
      });
    }
    run.thread([&] {
      queue.join();
      run.require(done == 4, "join returns when all work is done");
    });
    run.join();
  });
}

// A notification that meets a stop is not swallowed by the thread that gives up.
TYPED_TEST(EveryQueueOfManyAmongThreads, APutterThatGivesUpSwallowsNoWakeUp) {
  check([](weft::Run& run) {
    TypeParam queue(1);
    queue.put(0);
    std::stop_source stop;
    Ints items = numbers(1, 2);
    std::span<int> left(items);
    run.thread([&] {
      run.require(queue.put_many(left, stop.get_token()) == left.empty(), "it says whether all");
    });
    run.thread([&] { queue.put(3); });
    run.thread([&] {
      int got = queue.get();
      stop.request_stop();
      while (got != 3) got = queue.get();
    });
    run.join();
  });
}

TYPED_TEST(EveryQueueOfManyAmongThreads, AGetterThatGivesUpSwallowsNoWakeUp) {
  check([](weft::Run& run) {
    TypeParam queue;
    std::stop_source stop;
    std::atomic<std::size_t> got{0};
    run.thread([&] { got += queue.get_many(1, stop.get_token()).size(); });
    run.thread([&] { got += queue.get_many(1).size(); });
    run.thread([&] {
      queue.put(0);
      stop.request_stop();
      queue.put(1);
    });
    run.join();
    run.require(got + queue.qsize() == 2, "each item is got or still there");
  });
}

struct FailsToMove {
  FailsToMove(int v, bool f) : value(v), fails(f) {}
  FailsToMove(FailsToMove&& other) : value(other.value), fails(other.fails) {
    if (fails) throw testing_queues::MoveFailed("never moves");
  }
  int value;
  bool fails;
};

TEST(ManyAmongThreads, APutterThatFailsPassesItsWakeUpOn) {
  check([](weft::Run& run) {
    Queue<FailsToMove> queue(1);
    queue.put(FailsToMove(1, false));
    bool failed = false;
    run.thread([&] {
      FailsToMove items[] = {{2, true}, {3, false}};
      try {
        queue.put_many(std::span(items));
      } catch (const testing_queues::MoveFailed&) {
        failed = true;
      }
    });
    run.thread([&] { queue.put(FailsToMove(4, false)); });
    int got = 0;
    run.thread([&] {
      for (int i = 0; i < 2; ++i) got += queue.get().value;
    });
    run.join();
    run.require(failed && got == 5, "the other putter gets in");
  });
}

// The first that takes the item out fails; the item is there, and the other one gets it.
TEST(ManyAmongThreads, AGetterThatFailsPassesItsWakeUpOn) {
  check([](weft::Run& run) {
    struct FailsOnce {
      explicit FailsOnce(int* f) : failures(f) {}
      FailsOnce(FailsOnce&& other) : failures(other.failures), inside(other.inside) {
        if (inside && *failures > 0) {
          --*failures;  // under the queue's lock
          throw testing_queues::MoveFailed("once");
        }
        inside = true;
      }
      int* failures;
      bool inside = false;
    };
    int failures = 1;
    Queue<FailsOnce> queue(1);
    std::atomic<int> got{0};
    for (int i = 0; i < 2; ++i) {
      run.thread([&] {
        try {
          got += static_cast<int>(queue.get_many(2).size());
        } catch (const testing_queues::MoveFailed&) {
        }
      });
    }
    run.thread([&] {
      FailsOnce item(&failures);
      queue.put_many(std::span(&item, 1));
    });
    run.join();
    run.require(got == 1, "one get fails and the other gets the item");
  });
}

TEST(ManyAmongThreads, ASimpleQueuesBatchesAreSideBySide) {
  check([](weft::Run& run) {
    SimpleQueue<int> queue;
    run.thread([&] { queue.put_many(numbers(0, 2)); });
    run.thread([&] { queue.put_many(numbers(10, 2)); });
    Ints got;
    run.thread([&] {
      while (got.size() < 4) queue.get_many(4, got);
    });
    run.join();
    run.require(got[0] + 1 == got[1] && got[2] + 1 == got[3], "a batch is side by side");
  });
}

}  // namespace
}  // namespace weft
