// TP7: numbers that count up for ever, begun near where they wrap around.
#include <gtest/gtest.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "primitives/pool/idle_workers.h"
#include "primitives/pool/task.h"
#include "primitives/pool/task_deque.h"
#include "primitives/pool/workers.h"
#include "primitives/threading/event.h"
#include "stress/check.h"
#include "stress/run/build_mode.h"

namespace weft {
namespace {

using internal::IdleWorkers;
using internal::Task;
using internal::TaskDeque;
using internal::Workers;

using Counters = std::vector<std::atomic<int>>;

Task counting(Counters& counters, std::size_t i) {
  return Task::of([counter = &counters[i]] { ++*counter; });
}

// Three before a number of 32 bits wraps around, one with a sign, and the whole.
constexpr std::uint64_t kNearWraps[] = {(std::uint64_t{1} << 32) - 3, (std::uint64_t{1} << 63) - 3,
                                        std::uint64_t{0} - 3};

TEST(TaskDequeWraps, OneTaskAtATimeIsGotFromEitherEnd) {
  for (const std::uint64_t first : kNearWraps) {
    TaskDeque deque(2, first);
    Counters counters(8);
    Task task;
    EXPECT_TRUE(deque.seems_empty());
    EXPECT_FALSE(deque.take(task));
    EXPECT_FALSE(deque.pop_last(task));
    for (std::size_t i = 0; i < counters.size(); ++i) {
      deque.push(counting(counters, i));
      EXPECT_FALSE(deque.seems_empty());
      ASSERT_TRUE(i % 4 == 3 ? deque.pop_last(task) : deque.take(task)) << first << " " << i;
      EXPECT_TRUE(deque.seems_empty());
      EXPECT_FALSE(deque.pop_last(task));
      task.run();
      EXPECT_EQ(counters[i], 1);
    }
  }
}

TEST(TaskDequeWraps, ManyTasksKeepTheirOrderInARingThatGrows) {
  for (const std::uint64_t first : kNearWraps) {
    TaskDeque deque(2, first);
    Counters counters(12);
    for (std::size_t i = 0; i < counters.size(); ++i) deque.push(counting(counters, i));
    EXPECT_EQ(deque.left(deque.next_place()), 12u);
    std::uint64_t seen = first;
    Task tasks[4];
    ASSERT_EQ(deque.take_some(seen, tasks, 4, 1), 4u) << first;
    for (Task& each : tasks) each.run();
    EXPECT_EQ(deque.left(seen), 8u);
    for (std::size_t i = 4; i < 8; ++i) {
      Task task;
      ASSERT_TRUE(deque.take(task));
      task.run();
      EXPECT_EQ(counters[i], 1) << i;
      ASSERT_TRUE(deque.pop_last(task));
      task.run();
      EXPECT_EQ(counters[15 - i], 1) << 15 - i;
    }
    EXPECT_TRUE(deque.seems_empty());
  }
}

TEST(TaskDequeWraps, EachTaskIsGotOnceByTheOwnerOrAThief) {
  for (const std::uint64_t first : kNearWraps) {
    check([first](weft::Run& run) {
      Counters counters(4);
      TaskDeque deque(2, first + 1);
      run.thread("owner", [&] {
        Task task;
        for (std::size_t i = 0; i < 3; ++i) deque.push(counting(counters, i));
        if (deque.pop_last(task)) task.run();
        deque.push(counting(counters, 3));
        while (deque.pop_last(task)) task.run();
      });
      run.thread("thief", [&] {
        Task task;
        while (deque.take(task)) task.run();
      });
      run.join();
      for (const auto& count : counters) run.require(count == 1, "each task is got once");
    });
  }
}

TEST(WorkersWrap, EachTaskRunsOnceAndThoseOfOneWorkerInOrder) {
  for (const std::size_t most : {1u, 2u}) {
    check([most](weft::Run& run) {
      constexpr int kTasks = kExplored ? 4 : 300;
      Counters runs(2 * kTasks);
      std::vector<int> order;  // of the one worker, if it is one
      {
        Workers workers({.most = most, .first_place = std::uint64_t{0} - kTasks / 2});
        std::atomic<int> left{kTasks};
        Event all;
        run.thread([&] {
          for (int i = 0; i < kTasks; ++i) {
            workers.submit(Task::of([&, i] {
              if (most == 1) order.push_back(i);
              ++runs[static_cast<std::size_t>(i)];
              workers.submit(counting(runs, static_cast<std::size_t>(kTasks + i)));
              if (--left == 0) all.set();
            }));
          }
        });
        run.join();
        all.wait();  // a task that submits needs open workers
      }
      for (const auto& count : runs) run.require(count == 1, "a task runs once");
      for (std::size_t i = 0; i < order.size(); ++i) {
        run.require(order[i] == static_cast<int>(i), "in order");
      }
    });
  }
}

// What is added to the counts and taken away again leaves nothing behind: no half of the word runs
// over into the other.
TEST(IdleWorkersWrap, TheCountsAreRightAfterAnyNumberOfSleeps) {
  IdleWorkers idle(2);
  IdleWorkers::Seat first;
  IdleWorkers::Seat second;
  idle.join();
  idle.join();
  idle.lie_down(first, true);
  for (int i = 0; i < 70'000; ++i) {
    idle.lie_down(second, true);
    ASSERT_TRUE(idle.nobody_searches()) << i;
    if (i % 2 == 0) {
      idle.call_one();
    } else {
      idle.get_up(second);
    }
    ASSERT_TRUE(idle.somebody_sleeps()) << i;
    ASSERT_TRUE(idle.end_search()) << i;
    ASSERT_TRUE(idle.nobody_searches()) << i;
    ASSERT_TRUE(idle.begin_search()) << i;
  }
  EXPECT_TRUE(idle.end_search());
  idle.call_one();
  EXPECT_FALSE(idle.somebody_sleeps()) << "the first one was called";
  EXPECT_TRUE(idle.end_search());
}

}  // namespace
}  // namespace weft
