// Items that throw or call back, and memory that runs out: nothing is lost, nothing is stuck.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <memory>
#include <new>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "primitives/queue/lifo_queue.h"
#include "primitives/queue/priority_queue.h"
#include "primitives/queue/queue.h"
#include "primitives/queue/simple_queue.h"
#include "stress/check.h"
#include "stress/queue/items.h"

namespace {
// Allocations of this thread until one fails; below zero: none fails.
thread_local int allocations_until_failure = -1;
}  // namespace

void* operator new(std::size_t size) {
  if (allocations_until_failure >= 0 && allocations_until_failure-- == 0) throw std::bad_alloc();
  void* const memory = std::malloc(size == 0 ? 1 : size);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace weft {
namespace {

using testing_queues::CallsFromDestructor;
using testing_queues::MoveFailed;
using testing_queues::ThrowingMove;

template <class Q>
class EveryQueueOfThrowers : public testing::Test {
 protected:
  void TearDown() override { ThrowingMove::moves_until_throw = -1; }
};
using Throwers =
    testing::Types<Queue<ThrowingMove>, LifoQueue<ThrowingMove>, PriorityQueue<ThrowingMove>>;
TYPED_TEST_SUITE(EveryQueueOfThrowers, Throwers);

// QU7
TYPED_TEST(EveryQueueOfThrowers, AMoveThatFailsInGetLeavesTheItemInTheQueue) {
  const auto take = [](TypeParam& queue, int way) {
    switch (way) {
      case 0:
        return queue.get().value;
      case 1:
        return queue.get_nowait().value;
      case 2:
        return queue.get_for(std::chrono::hours(1)).value;
      case 3:
        return queue.try_get()->value;
      case 4:
        return queue.try_get_until(std::chrono::steady_clock::now())->value;
      case 5:
        return queue.try_get_until(std::chrono::system_clock::now())->value;
      default:
        return (*queue.begin()).value;
    }
  };
  for (int way = 0; way < 7; ++way) {
    // Each move of the way fails once; the first that needs fewer moves has seen them all.
    int failures = 0;
    for (int moves = 0;; ++moves) {
      TypeParam queue(1);
      queue.put(ThrowingMove(7));
      ThrowingMove::moves_until_throw = moves;
      bool failed = false;
      try {
        EXPECT_EQ(take(queue, way), 7);
      } catch (const MoveFailed&) {
        failed = true;
      }
      ThrowingMove::moves_until_throw = -1;
      if (!failed) break;
      ++failures;
      ASSERT_EQ(queue.qsize(), 1u) << "way " << way << ", move " << moves << ": the item is lost";
      EXPECT_EQ(queue.get().value, 7);
      EXPECT_EQ(queue.unfinished_tasks(), 1u);
    }
    EXPECT_GE(failures, 1) << "way " << way << " moved nothing: the test tests nothing";
  }
}

// QU7
TYPED_TEST(EveryQueueOfThrowers, AMoveThatFailsInPutLeavesTheItemWithItsCaller) {
  TypeParam queue(1);
  ThrowingMove item(7);
  ThrowingMove::moves_until_throw = 0;
  EXPECT_THROW(queue.put(std::move(item)), MoveFailed);
  EXPECT_EQ(item.value, 7);
  EXPECT_EQ(queue.qsize(), 0u);
  EXPECT_EQ(queue.unfinished_tasks(), 0u);
  EXPECT_TRUE(queue.try_put(std::move(item)));
  EXPECT_EQ(queue.get().value, 7);
}

TYPED_TEST(EveryQueueOfThrowers, AMoveThatFailsAmongManyLeavesTheRestWithTheirCaller) {
  for (int moves = 0; moves < 3; ++moves) {
    const auto first = static_cast<std::size_t>(moves);
    TypeParam queue;
    ThrowingMove items[] = {ThrowingMove(0), ThrowingMove(1), ThrowingMove(2)};
    std::span<ThrowingMove> left(items);
    ThrowingMove::moves_until_throw = moves;
    EXPECT_THROW(queue.put_many(left), MoveFailed);
    ASSERT_EQ(left.size(), 3 - first);
    for (std::size_t i = 0; i < 3; ++i) {
      EXPECT_EQ(items[i].value, i < first ? ThrowingMove::kMovedFrom : static_cast<int>(i));
    }
    EXPECT_EQ(queue.qsize(), first);
    EXPECT_EQ(queue.unfinished_tasks(), first);
    queue.put_many(left);
    EXPECT_EQ(queue.qsize(), 3u);
  }
}

TYPED_TEST(EveryQueueOfThrowers, AMoveThatFailsAmongManyLeavesTheItemInTheQueue) {
  for (int moves = 0; moves < 3; ++moves) {
    TypeParam queue(3);
    for (int i = 0; i < 3; ++i) queue.put(ThrowingMove(i));
    std::vector<ThrowingMove> got;
    got.reserve(4);
    ThrowingMove::moves_until_throw = moves;
    if (moves == 0) {
      EXPECT_THROW((void)queue.get_many(3), MoveFailed);
    } else {
      EXPECT_EQ(queue.get_many(3, got), static_cast<std::size_t>(moves)) << "those before it";
    }
    EXPECT_EQ(queue.qsize(), static_cast<std::size_t>(3 - moves));
    EXPECT_EQ(queue.get_many(3, got), static_cast<std::size_t>(3 - moves));
    int sum = 0;
    for (const ThrowingMove& item : got) sum += 1 << item.value;
    EXPECT_EQ(sum, 7) << "each once";
  }
}

// A getter whose move fails, or a putter, had been told of an item or a place: another is told.
TEST(QueueWakeUps, OfAThreadThatFailsArePassedOn) {
  check([](weft::Run& run) {
    // The first get fails, whichever thread does it; under the queue's lock, so no race.
    struct FailsOnce {
      explicit FailsOnce(std::shared_ptr<int> f) : failures(std::move(f)) {}
      FailsOnce(FailsOnce&& other) : failures(other.failures), armed(other.armed) {
        if (armed && *failures > 0) {
          --*failures;
          throw MoveFailed("once");
        }
        armed = true;
      }
      std::shared_ptr<int> failures;
      bool armed = false;
    };
    Queue<FailsOnce> queue(1);
    std::atomic<int> got{0};
    const auto get = [&] {
      try {
        (void)queue.get();
        ++got;
      } catch (const MoveFailed&) {
      }
    };
    run.thread(get);
    run.thread(get);
    run.thread([&] { queue.put(FailsOnce(std::make_shared<int>(1))); });
    run.join();
    run.require(got == 1, "one get fails and the other gets the item");
  });
}

TEST(QueueWakeUps, OfAPutterThatFailsArePassedOn) {
  check([](weft::Run& run) {
    struct FailsToEnter {
      FailsToEnter(int v, bool f) : value(v), fails(f) {}
      FailsToEnter(FailsToEnter&& other) : value(other.value), fails(other.fails) {
        if (fails) throw MoveFailed("never enters");
      }
      int value;
      bool fails;
    };
    Queue<FailsToEnter> queue(1);
    queue.put(FailsToEnter(1, false));
    bool failed = false;
    run.thread([&] {
      FailsToEnter item(2, true);
      try {
        queue.put(std::move(item));
      } catch (const MoveFailed&) {
        failed = true;
      }
    });
    run.thread([&] { queue.put(FailsToEnter(3, false)); });
    int got = 0;
    run.thread([&] {
      for (int i = 0; i < 2; ++i) got += queue.get().value;
    });
    run.join();
    run.require(failed, "the move fails");
    run.require(got == 4, "the other putter gets in");
  });
}

template <class Q>
class EveryQueueOfStrings : public testing::Test {};
using Strings =
    testing::Types<Queue<std::string>, LifoQueue<std::string>, PriorityQueue<std::string>>;
TYPED_TEST_SUITE(EveryQueueOfStrings, Strings);

// QU4
TYPED_TEST(EveryQueueOfStrings, SurvivesEveryAllocationThatFails) {
  const std::string text(100, 'x');
  int failures = 0;
  for (int n = 0;; ++n) {
    TypeParam queue(4);
    queue.put(std::string(text));
    std::string item = text;
    bool failed = false;
    allocations_until_failure = n;
    try {
      queue.put(std::move(item));
    } catch (const std::bad_alloc&) {
      failed = true;
    }
    allocations_until_failure = -1;
    if (failed) {
      ++failures;
      EXPECT_EQ(item, text) << "the item is still the caller's";
      EXPECT_EQ(queue.qsize(), 1u);
      EXPECT_EQ(queue.unfinished_tasks(), 1u);
      queue.put(std::move(item));
    }
    EXPECT_EQ(queue.get(), text);
    EXPECT_EQ(queue.get(), text);
    if (!failed) break;
  }
  EXPECT_GE(failures, 1);
}

// QU4
TYPED_TEST(EveryQueueOfStrings, ManyAtOnceSurviveEveryAllocationThatFails) {
  const std::string text(100, 'x');
  int failures = 0;
  for (bool failed = true; std::exchange(failed, false);) {
    TypeParam queue;
    std::vector<std::string> items(3, text);
    std::span<std::string> left(items);
    std::vector<std::string> got;
    allocations_until_failure = failures;
    try {
      queue.put_many(left);
      queue.get_many(3, got);
    } catch (const std::bad_alloc&) {
      failed = true;
      ++failures;
    }
    allocations_until_failure = -1;
    EXPECT_EQ(got.size() + queue.qsize() + left.size(), 3u) << "failure " << failures;
    for (const std::string& item : left) EXPECT_EQ(item, text);
    for (const std::string& item : queue.try_get_many(3)) EXPECT_EQ(item, text);
  }
  EXPECT_GE(failures, 2);
}

// QU4
TYPED_TEST(EveryQueueOfStrings, GetNeedsNoMemory) {
  TypeParam queue;
  for (int i = 0; i < 20; ++i) queue.put(std::string(100, static_cast<char>('a' + i)));
  allocations_until_failure = 0;
  std::size_t bytes = 0;
  for (int i = 0; i < 20; ++i) bytes += queue.get().size();
  const bool none_asked = allocations_until_failure == 0;
  allocations_until_failure = -1;
  EXPECT_TRUE(none_asked);
  EXPECT_EQ(bytes, 2000u);
}

// A queue whose items put, look and count when they die.
template <template <class> class Q>
struct Reentrant {
  using Item = CallsFromDestructor<Reentrant>;
  ~Reentrant() { is_ending = true; }
  void on_destroyed() {
    ++destroyed;
    if (is_ending) return;
    (void)queue.qsize();
    if (puts_left-- > 0) queue.put(Item(nullptr));
  }
  int destroyed = 0;
  int puts_left = 2;
  bool is_ending = false;
  Q<Item> queue;
};
template <class T>
using Fifo = Queue<T>;
template <class T>
using Lifo = LifoQueue<T>;
template <class T>
using Simple = SimpleQueue<T>;

template <template <class> class Q>
void get_from_reentrant() {
  Reentrant<Q> owner;
  owner.queue.put(typename Reentrant<Q>::Item(&owner));
  (void)owner.queue.get();  // destroys the item, which puts
  EXPECT_EQ(owner.destroyed, 1);
  EXPECT_EQ(owner.queue.qsize(), 1u);
}

// QU6
TEST(ReentrantItems, MayPutFromTheirDestructorWhenGot) {
  get_from_reentrant<Fifo>();
  get_from_reentrant<Lifo>();
  get_from_reentrant<Simple>();
}

// QU6
TEST(ReentrantItems, MayCallTheQueueFromTheirDestructorWhenDiscarded) {
  struct Owner {
    using Item = CallsFromDestructor<Owner>;
    void on_destroyed() {
      ++destroyed;
      EXPECT_TRUE(queue.is_shut_down());
      EXPECT_THROW(queue.put(Item(nullptr)), QueueShutDown);
      EXPECT_EQ(queue.qsize(), 0u);
    }
    int destroyed = 0;
    Queue<Item> queue;
  } owner;
  owner.queue.put(Owner::Item(&owner));
  owner.queue.put(Owner::Item(&owner));
  owner.queue.shutdown(ShutDownMode::kImmediate);
  EXPECT_EQ(owner.destroyed, 2);
}

// Its moved-from remains call the queue too, at the end of every move.
struct Talkative {
  explicit Talkative(Queue<Talkative>* q) : queue(q) {}
  Talkative(Talkative&& other) noexcept : queue(other.queue) {}
  ~Talkative() { calls += queue->is_shut_down() ? 1000 : 1; }
  static inline int calls = 0;
  Queue<Talkative>* queue;
};

// QU6
TEST(ReentrantItems, MayCallTheQueueFromWhatAMoveLeavesBehind) {
  Queue<Talkative> queue;
  queue.put(Talkative(&queue));
  (void)queue.get();
  EXPECT_GE(Talkative::calls, 2);
}

TEST(ReentrantItems, MayCallTheQueueFromWhatManyLeaveBehind) {
  Queue<Talkative> queue;
  Talkative items[] = {Talkative(&queue), Talkative(&queue)};
  queue.put_many(std::span(items));
  Talkative::calls = 0;
  (void)queue.get_many(2);
  EXPECT_GE(Talkative::calls, 4);
}

// What is left is destroyed with the queue, once.
TEST(QueueEnd, DestroysWhatIsLeft) {
  const auto alive = std::make_shared<int>(0);
  {
    Queue<std::shared_ptr<int>> queue;
    PriorityQueue<std::shared_ptr<int>> priority;
    LifoQueue<std::shared_ptr<int>> lifo;
    for (int i = 0; i < 3; ++i) {
      queue.put(alive);
      priority.put(alive);
      lifo.put(alive);
    }
    EXPECT_EQ(alive.use_count(), 10);
  }
  EXPECT_EQ(alive.use_count(), 1);
}

}  // namespace
}  // namespace weft
