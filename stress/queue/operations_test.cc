// What each operation of the queues does by itself: results, time-outs, errors, shutdown.
#include <gtest/gtest.h>

#include <chrono>
#include <limits>
#include <memory>
#include <stop_token>
#include <string>
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

using std::chrono::duration;
using std::chrono::milliseconds;
using std::chrono::steady_clock;
using testing_queues::MoveOnly;
using testing_queues::ThrowingLess;

constexpr auto kHuge = duration<double>(1e300);
constexpr auto kLongest = std::chrono::hours::max();
const auto kNaN = duration<double>(std::numeric_limits<double>::quiet_NaN());
constexpr milliseconds kNegative{-1};

template <class Q>
class EveryQueue : public testing::Test {};
using Queues = testing::Types<Queue<int>, LifoQueue<int>, PriorityQueue<int>>;
TYPED_TEST_SUITE(EveryQueue, Queues);

TYPED_TEST(EveryQueue, HoldsWhatWasPut) {
  TypeParam queue(2);
  EXPECT_TRUE(queue.empty());
  EXPECT_FALSE(queue.full());
  queue.put(7);
  EXPECT_EQ(queue.qsize(), 1u);
  EXPECT_FALSE(queue.empty());
  queue.put_nowait(8);
  EXPECT_TRUE(queue.full());
  EXPECT_EQ(queue.get() + queue.get_nowait(), 15);
  EXPECT_TRUE(queue.empty());
}

TYPED_TEST(EveryQueue, WithoutMaximumIsNeverFull) {
  TypeParam queue;
  for (int i = 0; i < 100; ++i) EXPECT_TRUE(queue.try_put(i));
  EXPECT_FALSE(queue.full());
  EXPECT_EQ(queue.qsize(), 100u);
}

TYPED_TEST(EveryQueue, PollsOfAFullQueueFailAtOnce) {
  TypeParam queue(1);
  queue.put(1);
  EXPECT_THROW(queue.put_nowait(2), QueueFull);
  EXPECT_FALSE(queue.try_put(2));
  EXPECT_THROW(queue.put_for(2, milliseconds(0)), QueueFull);
  EXPECT_FALSE(queue.try_put_until(2, steady_clock::time_point::min()));
  EXPECT_EQ(queue.qsize(), 1u);
}

TYPED_TEST(EveryQueue, PollsOfAnEmptyQueueFailAtOnce) {
  TypeParam queue;
  EXPECT_THROW(queue.get_nowait(), QueueEmpty);
  EXPECT_EQ(queue.try_get(), std::nullopt);
  EXPECT_THROW(queue.get_for(milliseconds(0)), QueueEmpty);
  EXPECT_EQ(queue.try_get_for(kNegative), std::nullopt);
  EXPECT_EQ(queue.try_get_until(steady_clock::time_point::min()), std::nullopt);
}

TYPED_TEST(EveryQueue, TimeOutsLastAsLongAsTheySay) {
  TypeParam queue(1);
  const auto begin = steady_clock::now();
  EXPECT_THROW(queue.get_for(milliseconds(3)), QueueEmpty);
  EXPECT_GE(steady_clock::now() - begin, milliseconds(3));
  queue.put(1);
  const auto full = steady_clock::now();
  EXPECT_THROW(queue.put_for(2, milliseconds(3)), QueueFull);
  EXPECT_GE(steady_clock::now() - full, milliseconds(3));
  const auto until = steady_clock::now() + milliseconds(3);
  EXPECT_FALSE(queue.try_put_until(2, until));
  EXPECT_GE(steady_clock::now(), until);
}

TYPED_TEST(EveryQueue, AWaitOnAnotherClockEndsByThatClock) {
  TypeParam queue;
  const auto until = std::chrono::system_clock::now() + milliseconds(3);
  EXPECT_EQ(queue.try_get_until(until), std::nullopt);
  EXPECT_GE(std::chrono::system_clock::now(), until);
}

TYPED_TEST(EveryQueue, GetRefusesANegativeTimeOutEvenIfAnItemIsThere) {
  TypeParam queue;
  queue.put(1);
  EXPECT_THROW(queue.get_for(kNegative), ValueError);
  EXPECT_EQ(queue.qsize(), 1u);
}

TYPED_TEST(EveryQueue, PutRefusesANegativeTimeOutEvenIfThereIsRoom) {
  TypeParam queue(1);
  EXPECT_THROW(queue.put_for(1, kNegative), ValueError);
  EXPECT_TRUE(queue.empty());
}

TYPED_TEST(EveryQueue, PutWithoutMaximumNeverLooksAtANegativeTimeOut) {
  TypeParam queue;
  queue.put_for(1, kNegative);
  EXPECT_EQ(queue.qsize(), 1u);
}

TYPED_TEST(EveryQueue, RefusesATimeOutThatIsNoNumber) {
  TypeParam queue(1);
  EXPECT_THROW(queue.put_for(1, kNaN), ValueError);
  EXPECT_TRUE(queue.empty());
  queue.put(1);
  EXPECT_THROW(queue.get_for(kNaN), ValueError);
  EXPECT_THROW((void)queue.try_get_for(kNaN), ValueError);
  EXPECT_THROW((void)queue.join_for(kNaN), ValueError);
  EXPECT_EQ(queue.qsize(), 1u);
}

TYPED_TEST(EveryQueue, TheLongestTimeOutsMeanForEver) {
  check([](weft::Run& run) {
    TypeParam queue(1);
    queue.put_for(1, kHuge);
    EXPECT_EQ(queue.get_for(kLongest), 1);
    EXPECT_TRUE(queue.try_put_until(2, steady_clock::time_point::max()));
    run.thread([&] { queue.put_for(3, kLongest); });
    run.thread([&] {
      EXPECT_EQ(queue.get_for(kHuge), 2);
      EXPECT_EQ(queue.get_for(kHuge), 3);
    });
    run.join();
  });
}

TYPED_TEST(EveryQueue, CountsUnfinishedTasks) {
  TypeParam queue;
  queue.join();  // a fresh one has none
  queue.put(1);
  queue.put(2);
  EXPECT_FALSE(queue.join_for(milliseconds(0)));
  queue.task_done();  // also before get
  EXPECT_EQ(queue.unfinished_tasks(), 1u);
  (void)queue.get();
  (void)queue.get();
  EXPECT_FALSE(queue.join_for(milliseconds(1))) << "empty is not done";
  queue.task_done();
  queue.join();
  queue.join();
  EXPECT_THROW(queue.task_done(), ValueError);
  queue.put(3);
  EXPECT_FALSE(queue.join_for(milliseconds(0))) << "join may be used again";
}

TYPED_TEST(EveryQueue, APutThatFailsIsNoTask) {
  TypeParam queue(1);
  queue.put(1);
  EXPECT_FALSE(queue.try_put(2));
  queue.task_done();
  EXPECT_THROW(queue.task_done(), ValueError);
}

TYPED_TEST(EveryQueue, AfterShutdownGivesWhatIsInsideAndThenSaysSo) {
  TypeParam queue(2);
  queue.put(1);
  queue.put(2);
  queue.shutdown();
  EXPECT_TRUE(queue.is_shut_down());
  EXPECT_THROW(queue.put(3), QueueShutDown);
  EXPECT_THROW(queue.put_nowait(3), QueueShutDown) << "and not QueueFull";
  EXPECT_THROW((void)queue.try_put(3), QueueShutDown);
  EXPECT_THROW(queue.put_for(3, milliseconds(1)), QueueShutDown);
  EXPECT_EQ(queue.get() + queue.get_nowait(), 3);
  EXPECT_THROW(queue.get(), QueueShutDown);
  EXPECT_THROW(queue.get_nowait(), QueueShutDown) << "and not QueueEmpty";
  EXPECT_THROW((void)queue.try_get(), QueueShutDown);
  EXPECT_THROW(queue.get_for(kHuge), QueueShutDown);
  queue.shutdown();  // again
  EXPECT_EQ(queue.unfinished_tasks(), 2u);
}

TYPED_TEST(EveryQueue, ShutdownIsLookedAtBeforeTheTimeOut) {
  TypeParam queue(1);
  queue.put(1);
  queue.shutdown();
  EXPECT_THROW(queue.put_for(2, kNegative), QueueShutDown);
  EXPECT_THROW(queue.get_for(kNegative), ValueError) << "an item is left";
  (void)queue.get();
  EXPECT_THROW(queue.get_for(kNegative), QueueShutDown);
}

TYPED_TEST(EveryQueue, ImmediateShutdownDiscardsAndCountsAsDoneWhatWasInside) {
  TypeParam queue;
  queue.put(1);
  queue.put(2);
  queue.put(3);
  (void)queue.get();
  queue.shutdown();
  queue.shutdown(ShutDownMode::kImmediate);  // after a draining one
  EXPECT_TRUE(queue.empty());
  EXPECT_THROW((void)queue.try_get(), QueueShutDown);
  ASSERT_EQ(queue.unfinished_tasks(), 1u) << "the one that was got";
  EXPECT_FALSE(queue.join_for(milliseconds(1)));
  queue.task_done();
  queue.join();
  queue.shutdown(ShutDownMode::kDrain);
  EXPECT_THROW(queue.put(4), QueueShutDown) << "never undone";
}

TYPED_TEST(EveryQueue, ImmediateShutdownTakesNoMoreThanIsUnfinished) {
  TypeParam queue;
  queue.put(1);
  queue.put(2);
  queue.task_done();
  queue.shutdown(ShutDownMode::kImmediate);
  EXPECT_EQ(queue.unfinished_tasks(), 0u);
}

TYPED_TEST(EveryQueue, AMaximumMayShrinkBelowWhatIsInside) {
  TypeParam queue(3);
  for (int i = 0; i < 3; ++i) queue.put(i);
  queue.set_maximum(1);
  EXPECT_EQ(queue.maximum(), 1u);
  EXPECT_EQ(queue.qsize(), 3u) << "nothing is discarded";
  EXPECT_TRUE(queue.full());
  (void)queue.get();
  (void)queue.get();
  EXPECT_FALSE(queue.try_put(9));
  (void)queue.get();
  EXPECT_TRUE(queue.try_put(9));
  queue.set_maximum(0);
  EXPECT_TRUE(queue.try_put(10)) << "no maximum any more";
}

TYPED_TEST(EveryQueue, RangeForGetsUntilShutDownAndEmpty) {
  TypeParam queue;
  for (int i = 0; i < 3; ++i) queue.put(i);
  queue.shutdown();
  int sum = 0;
  int count = 0;
  for (int& item : queue) {
    sum += item;
    ++count;
  }
  EXPECT_EQ(sum, 3);
  EXPECT_EQ(count, 3);
}

TYPED_TEST(EveryQueue, AStopThatWasRequestedEndsAWaitAtOnceButTakesWhatIsThere) {
  TypeParam queue(1);
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ(queue.get(stop.get_token()), std::nullopt);
  EXPECT_TRUE(queue.put(1, stop.get_token())) << "no need to wait";
  EXPECT_FALSE(queue.put(2, stop.get_token()));
  EXPECT_EQ(queue.get(stop.get_token()), 1);
}

TEST(QueueItems, MayBeMovable) {
  Queue<MoveOnly> queue(1);
  queue.put(std::make_unique<int>(1));
  MoveOnly second = std::make_unique<int>(2);
  EXPECT_FALSE(queue.try_put(std::move(second)));
  ASSERT_NE(second, nullptr) << "a put that fails leaves the item with its caller";
  EXPECT_THROW(queue.put_for(std::move(second), milliseconds(1)), QueueFull);
  ASSERT_NE(second, nullptr);
  EXPECT_EQ(*queue.get(), 1);
  queue.shutdown();
  EXPECT_THROW(queue.put(std::move(second)), QueueShutDown);
  EXPECT_NE(second, nullptr);

  LifoQueue<MoveOnly> lifo;
  lifo.put(std::make_unique<int>(3));
  EXPECT_EQ(**lifo.try_get(), 3);
  SimpleQueue<MoveOnly> simple;
  simple.put(std::make_unique<int>(4));
  EXPECT_EQ(*simple.get_nowait(), 4);
}

TEST(LifoQueue, GivesTheLastFirst) {
  LifoQueue<int> queue;
  for (int i = 0; i < 4; ++i) queue.put(i);
  for (int i = 3; i >= 0; --i) EXPECT_EQ(queue.get(), i);
}

TEST(Queue, GivesTheFirstFirst) {
  Queue<int> queue;
  for (int i = 0; i < 4; ++i) queue.put(i);
  EXPECT_EQ(queue.get(), 0);
  queue.put(4);
  for (int i = 1; i < 5; ++i) EXPECT_EQ(queue.get(), i);
}

TEST(PriorityQueue, GivesTheSmallestFirstAndOfEqualsTheFirst) {
  struct Job {
    int rank;
    int number;
    bool operator<(const Job& other) const { return rank < other.rank; }
  };
  // Every multiset of ranks and order of seven puts over three ranks.
  for (int code = 0; code < 3 * 3 * 3 * 3 * 3 * 3 * 3; ++code) {
    PriorityQueue<Job> queue;
    for (int i = 0, rest = code; i < 7; ++i, rest /= 3) queue.put(Job{rest % 3, i});
    Job last{-1, -1};
    for (int i = 0; i < 7; ++i) {
      const Job job = queue.get();
      const bool in_order =
          last.rank < job.rank || (last.rank == job.rank && last.number < job.number);
      ASSERT_TRUE(in_order) << "code " << code << ", item " << i;
      last = job;
    }
  }
}

TEST(PriorityQueue, AComparisonThatThrowsChangesNothing) {
  PriorityQueue<int, ThrowingLess> queue;
  for (const int item : {3, 1, 2}) queue.put(item);
  ThrowingLess::throws = true;
  EXPECT_THROW(queue.put(0), std::domain_error);
  EXPECT_THROW(queue.get(), std::domain_error);
  EXPECT_THROW((void)queue.try_get(), std::domain_error);
  ThrowingLess::throws = false;
  EXPECT_EQ(queue.qsize(), 3u);
  EXPECT_EQ(queue.unfinished_tasks(), 3u);
  for (int i = 1; i <= 3; ++i) EXPECT_EQ(queue.get(), i);
}

TEST(SimpleQueue, GivesTheFirstFirst) {
  SimpleQueue<int> queue;
  EXPECT_TRUE(queue.empty());
  for (int i = 0; i < 3; ++i) queue.put(i);
  EXPECT_EQ(queue.qsize(), 3u);
  EXPECT_EQ(queue.get(), 0);
  EXPECT_EQ(queue.get_nowait(), 1);
  EXPECT_EQ(queue.try_get(), 2);
  EXPECT_EQ(queue.try_get(), std::nullopt);
  EXPECT_THROW(queue.get_nowait(), QueueEmpty);
  EXPECT_THROW(queue.get_for(milliseconds(1)), QueueEmpty);
  EXPECT_EQ(queue.try_get_for(milliseconds(1)), std::nullopt);
  EXPECT_THROW(queue.get_for(kNegative), ValueError);
}

}  // namespace
}  // namespace weft
