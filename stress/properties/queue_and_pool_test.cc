// Every program of calls to a queue, a promise or a pool does what the sequential model says: an
// item is got at most once and in order, no put passes the maximum, calls wait only when they must.
#include <gtest/gtest.h>

#include "primitives/pool/thread_pool.h"
#include "primitives/queue/lifo_queue.h"
#include "primitives/queue/priority_queue.h"
#include "primitives/queue/queue.h"
#include "primitives/queue/simple_queue.h"
#include "stress/properties/expect.h"
#include "stress/properties/queues.h"
#include "stress/properties/workers.h"

namespace weft::properties {
namespace {

TEST(QueueProperties, GivesEachItemOnceInTheOrderOfPuts) {
  expect_holds(put_get_vocabulary<Queue<Item>>("Queue of 1, put and get", Order::kFifo, 1),
               {.calls_max = 5});
}

TEST(QueueProperties, DoesAllThatTheModelDoes) {
  expect_holds(queue_vocabulary<Queue<Item>>("Queue of 2", Order::kFifo, 2));
}

TEST(LifoQueueProperties, GivesEachItemOnceTheLastFirst) {
  expect_holds(put_get_vocabulary<LifoQueue<Item>>("LifoQueue, put and get", Order::kLifo, 2),
               {.calls_max = 5});
}

TEST(LifoQueueProperties, DoesAllThatTheModelDoes) {
  expect_holds(queue_vocabulary<LifoQueue<Item>>("LifoQueue of 2", Order::kLifo, 2));
}

TEST(PriorityQueueProperties, GivesEachItemOnceTheSmallestFirstAndOfEqualsTheFirst) {
  expect_holds(
      put_get_vocabulary<PriorityQueue<Item>>("PriorityQueue, put and get", Order::kPriority, 0),
      {.calls_max = 5});
}

TEST(PriorityQueueProperties, DoesAllThatTheModelDoes) {
  expect_holds(queue_vocabulary<PriorityQueue<Item>>("PriorityQueue of 2", Order::kPriority, 2));
}

TEST(SimpleQueueProperties, GivesEachItemOnceInTheOrderOfPuts) {
  expect_holds(simple_queue_vocabulary<SimpleQueue<Item>>("SimpleQueue"));
}

TEST(FutureProperties, HasOneOutcomeForAllWhoWait) {
  expect_holds(promise_vocabulary<Promise<int>>("Promise and Future"));
}

TEST(ThreadPoolProperties, RunsEachTaskOnceAlsoAfterClose) {
  expect_holds(pool_vocabulary<ThreadPool>("ThreadPool"));
}

}  // namespace
}  // namespace weft::properties
