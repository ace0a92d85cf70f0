// What the calls for many items at once do by themselves: results, time-outs, errors, shutdown.
#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <deque>
#include <list>
#include <memory>
#include <random>
#include <span>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "primitives/base/errors.h"
#include "primitives/queue/lifo_queue.h"
#include "primitives/queue/priority_queue.h"
#include "primitives/queue/queue.h"
#include "primitives/queue/simple_queue.h"
#include "stress/queue/items.h"

namespace weft {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;
using testing_queues::MoveOnly;

constexpr milliseconds kNegative{-1};

using Ints = std::vector<int>;

template <class Q>
class EveryQueueOfMany : public testing::Test {};
using Queues = testing::Types<Queue<int>, LifoQueue<int>, PriorityQueue<int>>;
TYPED_TEST_SUITE(EveryQueueOfMany, Queues);

TYPED_TEST(EveryQueueOfMany, PutsAllAndGetsAtMostSoMany) {
  TypeParam queue(3);
  queue.put_many(Ints{1, 2, 3});
  EXPECT_TRUE(queue.full());
  Ints got = queue.get_many(2);
  EXPECT_EQ(got.size(), 2u);
  EXPECT_EQ(queue.get_many(100, got), 1u) << "as many as there are";
  EXPECT_EQ(got.size(), 3u) << "behind what is there";
  std::sort(got.begin(), got.end());
  EXPECT_EQ(got, (Ints{1, 2, 3}));
}

TYPED_TEST(EveryQueueOfMany, PutsAsManyAsThereIsRoomForNow) {
  TypeParam queue(2);
  Ints items{1, 2, 3, 4};
  std::span<int> left(items);
  EXPECT_FALSE(queue.try_put_many(left));
  ASSERT_EQ(left.size(), 2u);
  EXPECT_EQ(left.front(), 3);
  EXPECT_FALSE(queue.try_put_many(left)) << "none";
  EXPECT_EQ(left.size(), 2u);
  EXPECT_EQ(queue.get_many(4).size(), 2u);
  EXPECT_TRUE(queue.try_put_many(left)) << "all";
  EXPECT_TRUE(left.empty());
}

TYPED_TEST(EveryQueueOfMany, PutsWhatItCanInTime) {
  TypeParam queue(2);
  Ints items{1, 2, 3, 4, 5};
  std::span<int> left(items);
  const auto begin = steady_clock::now();
  EXPECT_THROW(queue.put_many_for(left, milliseconds(3)), QueueFull);
  EXPECT_GE(steady_clock::now() - begin, milliseconds(3));
  EXPECT_EQ(left.size(), 3u);
  (void)queue.get();
  const auto until = std::chrono::system_clock::now() + milliseconds(3);
  EXPECT_FALSE(queue.try_put_many_until(left, until));
  EXPECT_GE(std::chrono::system_clock::now(), until);
  EXPECT_EQ(left.size(), 2u);
  (void)queue.get_many(2);
  queue.put_many_for(left, milliseconds(0));
  EXPECT_TRUE(left.empty());
}

TYPED_TEST(EveryQueueOfMany, PollsOfAnEmptyQueueGetNothing) {
  TypeParam queue;
  EXPECT_TRUE(queue.try_get_many(3).empty());
  EXPECT_TRUE(queue.try_get_many_for(3, milliseconds(1)).empty());
  EXPECT_TRUE(queue.try_get_many_for(3, kNegative).empty());
  EXPECT_THROW((void)queue.get_many_for(3, milliseconds(1)), QueueEmpty);
  const auto until = std::chrono::system_clock::now() + milliseconds(3);
  EXPECT_TRUE(queue.try_get_many_until(3, until).empty());
  EXPECT_GE(std::chrono::system_clock::now(), until);
  queue.put(1);
  EXPECT_EQ(queue.try_get_many_until(3, until), Ints{1}) << "past, and there is something";
}

TYPED_TEST(EveryQueueOfMany, RefusesNegativeTimeOutsAsThePlainCallsDo) {
  TypeParam queue(1);
  Ints items{1};
  std::span<int> left(items);
  EXPECT_THROW(queue.put_many_for(left, kNegative), ValueError);
  EXPECT_EQ(left.size(), 1u);
  queue.put(1);
  EXPECT_THROW((void)queue.get_many_for(1, kNegative), ValueError) << "even if there is one";
  EXPECT_EQ(queue.qsize(), 1u);
  TypeParam unbounded;
  unbounded.put_many_for(left, kNegative);
  EXPECT_EQ(unbounded.qsize(), 1u);
}

TYPED_TEST(EveryQueueOfMany, ForNoItemsDoesNothing) {
  TypeParam queue(1);
  queue.put(1);
  queue.put_many(Ints{});
  EXPECT_TRUE(queue.get_many(0).empty());
  EXPECT_TRUE(queue.get_many_for(0, milliseconds(1)).empty());
  EXPECT_EQ(queue.qsize(), 1u);
  queue.shutdown(ShutDownMode::kImmediate);
  queue.put_many(Ints{});
  EXPECT_TRUE(queue.get_many(0).empty());
}

TYPED_TEST(EveryQueueOfMany, AfterShutdownGivesWhatIsInsideAndThenSaysSo) {
  TypeParam queue;
  queue.put_many(Ints{1, 2, 3});
  queue.shutdown();
  Ints items{4, 5};
  std::span<int> left(items);
  EXPECT_THROW(queue.put_many(left), QueueShutDown);
  EXPECT_THROW((void)queue.try_put_many(left), QueueShutDown);
  EXPECT_THROW(queue.put_many_for(left, kNegative), QueueShutDown);
  EXPECT_EQ(left.size(), 2u) << "the items are still the caller's";
  EXPECT_EQ(queue.get_many(2).size(), 2u);
  EXPECT_EQ(queue.get_many(2).size(), 1u);
  EXPECT_THROW((void)queue.get_many(2), QueueShutDown);
  EXPECT_THROW((void)queue.try_get_many(2), QueueShutDown);
  EXPECT_THROW((void)queue.get_many_for(2, kNegative), QueueShutDown);
}

TYPED_TEST(EveryQueueOfMany, CountsATaskForEachItem) {
  TypeParam queue;
  queue.put_many(Ints{1, 2, 3});
  EXPECT_EQ(queue.unfinished_tasks(), 3u);
  EXPECT_EQ(queue.get_many(3).size(), 3u);
  EXPECT_THROW(queue.task_done_many(4), ValueError);
  EXPECT_EQ(queue.unfinished_tasks(), 3u) << "nothing has changed";
  queue.task_done_many(2);
  EXPECT_FALSE(queue.join_for(milliseconds(0)));
  queue.task_done_many(0);
  queue.task_done();
  queue.join();
}

TYPED_TEST(EveryQueueOfMany, AStopThatWasRequestedEndsAWaitAtOnceButTakesWhatIsThere) {
  TypeParam queue(2);
  std::stop_source stop;
  stop.request_stop();
  EXPECT_TRUE(queue.get_many(2, stop.get_token()).empty());
  Ints items{1, 2, 3};
  std::span<int> left(items);
  EXPECT_FALSE(queue.put_many(left, stop.get_token()));
  EXPECT_EQ(left.size(), 1u);
  EXPECT_EQ(queue.get_many(3, stop.get_token()).size(), 2u);
  EXPECT_TRUE(queue.put_many(left, stop.get_token()));
}

TYPED_TEST(EveryQueueOfMany, AMaximumThatShrankBelowWhatIsInsideHoldsThemBack) {
  TypeParam queue;
  queue.put_many(Ints{1, 2, 3});
  queue.set_maximum(1);
  Ints items{4, 5};
  std::span<int> left(items);
  EXPECT_FALSE(queue.try_put_many(left));
  EXPECT_EQ(left.size(), 2u);
}

TEST(ManyItems, KeepTheirOrder) {
  Queue<int> queue;
  queue.put_many(Ints{2, 3, 1});
  EXPECT_EQ(queue.get_many(3), (Ints{2, 3, 1}));
  LifoQueue<int> lifo;
  lifo.put_many(Ints{2, 3, 1});
  EXPECT_EQ(lifo.get_many(3), (Ints{1, 3, 2}));
  PriorityQueue<int> priority;
  priority.put_many(Ints{2, 3, 1});
  EXPECT_EQ(priority.get_many(2), (Ints{1, 2}));
  EXPECT_EQ(priority.get(), 3);
  SimpleQueue<int> simple;
  simple.put_many(Ints{2, 3, 1});
  EXPECT_EQ(simple.get_many(2), (Ints{2, 3}));
  Ints got{7};
  EXPECT_EQ(simple.get_many(2, got), 1u);
  EXPECT_EQ(got, (Ints{7, 1}));
  EXPECT_TRUE(simple.try_get_many(2).empty());
  EXPECT_TRUE(simple.try_get_many_for(2, milliseconds(1)).empty());
  Ints items{4, 5};
  std::span<int> left(items);
  simple.put_many(left);
  EXPECT_TRUE(left.empty());
  EXPECT_EQ(simple.get_many(2, std::stop_token()), (Ints{4, 5}));
}

TEST(ManyItems, OfEqualPriorityAreFirstInFirstOut) {
  struct Job {
    int rank;
    int number;
    bool operator<(const Job& other) const { return rank < other.rank; }
  };
  PriorityQueue<Job> queue;
  queue.put_many(std::array<Job, 4>{Job{1, 0}, Job{0, 1}, Job{1, 2}, Job{0, 3}});
  queue.put_many(std::array<Job, 2>{Job{0, 4}, Job{1, 5}});
  Ints numbers;
  for (const Job& job : queue.get_many(6)) numbers.push_back(job.number);
  EXPECT_EQ(numbers, (Ints{1, 3, 4, 0, 2, 5}));
}

TEST(ManyItems, AreCopiedFromWhatStaysTheCallersAndMovedFromWhatItGivesAway) {
  using Strings = std::vector<std::string>;
  const Strings original{std::string(50, 'a'), std::string(50, 'b')};
  Queue<std::string> queue;

  Strings kept = original;
  queue.put_many(kept);
  EXPECT_EQ(kept, original) << "an lvalue is copied";
  queue.put_many(original);
  queue.put_many(std::list<std::string>(original.begin(), original.end()));
  const char* const words[] = {"c", "d"};
  queue.put_many(words);
  EXPECT_EQ(queue.qsize(), 8u);

  Strings given = original;
  queue.put_many(std::move(given));
  EXPECT_EQ(given, Strings(2)) << "a container that is moved gives its items";
  Strings lent = original;
  queue.put_many(std::span(lent));
  EXPECT_EQ(lent, Strings(2)) << "so does a view";
  lent = original;
  std::span<std::string> left(lent);
  queue.put_many(left);
  EXPECT_EQ(lent, Strings(2));
  EXPECT_TRUE(left.empty());
  EXPECT_EQ(queue.get_many(100).size(), 14u);
}

TEST(ManyItems, MayBeMovable) {
  Queue<MoveOnly> queue(1);
  MoveOnly items[2] = {std::make_unique<int>(1), std::make_unique<int>(2)};
  std::span<MoveOnly> left(items);
  EXPECT_FALSE(queue.try_put_many(left));
  ASSERT_EQ(left.size(), 1u);
  EXPECT_EQ(items[0], nullptr);
  EXPECT_EQ(*left.front(), 2);
  EXPECT_EQ(*queue.get_many(2).front(), 1);
}

struct Constant {
  const int value;
};

// Beside a deque, for items in a ring, in nodes, and such as cannot be assigned.
template <class T, class Value>
void expect_like_a_deque(Value value) {
  std::mt19937 random(7);
  Queue<T> queue;
  std::deque<int> model;
  int next = 0;
  for (int turn = 0; turn < 3000; ++turn) {
    const auto count = random() % 40;
    switch (random() % 4) {
      case 0: {
        std::vector<T> items;
        for (std::size_t i = 0; i < count; ++i) {
          model.push_back(next);
          items.push_back(T{value(next++)});
        }
        queue.put_many(std::move(items));
        break;
      }
      case 1:
        model.push_back(next);
        queue.put(T{value(next++)});
        break;
      case 2: {
        const std::vector<T> got = queue.try_get_many(count);
        ASSERT_EQ(got.size(), std::min<std::size_t>(count, model.size()));
        for (const T& item : got) {
          ASSERT_EQ(value(model.front()), T(item).value) << "turn " << turn;
          model.pop_front();
        }
        break;
      }
      default:
        if (model.empty()) break;
        ASSERT_EQ(value(model.front()), queue.get().value);
        model.pop_front();
    }
    ASSERT_EQ(queue.qsize(), model.size());
  }
}

struct Number {
  int value;
};
struct Text {
  std::string value;
};

TEST(ManyItems, AreWhatTheyWouldBeOneByOne) {
  expect_like_a_deque<Number>([](int i) { return i; });
  expect_like_a_deque<Constant>([](int i) { return i; });
  expect_like_a_deque<Text>([](int i) { return std::to_string(i); });
}

}  // namespace
}  // namespace weft
