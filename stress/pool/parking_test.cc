// The parts of the workers: the deque of tasks, and who sleeps and who is called.
//
// What only a reordering of the processor's breaks is looked for as stress/base/in_step.h says.
#include <gtest/gtest.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <thread>
#include <vector>

#include "primitives/pool/idle_workers.h"
#include "primitives/pool/task.h"
#include "primitives/pool/task_deque.h"
#include "stress/base/in_step.h"
#include "stress/check.h"
#include "stress/run/build_mode.h"

namespace weft {
namespace {

using internal::IdleWorkers;
using internal::Task;
using internal::TaskDeque;
using testing_base::InStep;

using Counters = std::vector<std::atomic<int>>;

Task counting(Counters& counters, std::size_t i) {
  return Task::of([counter = &counters[i]] { ++*counter; });
}

void require_each_once(weft::Run& run, const Counters& counters) {
  for (const auto& count : counters) run.require(count == 1, "each task is got once");
}

TEST(TaskDeque, GivesTheFirstAtTheTopAndTheLastAtTheBottomAlsoWhenItGrows) {
  TaskDeque deque(2);
  Counters counters(40);
  for (std::size_t i = 0; i < counters.size(); ++i) deque.push(counting(counters, i));
  Task task;
  for (std::size_t i = 0; i < 20; ++i) {
    ASSERT_TRUE(deque.take(task));
    task.run();
    EXPECT_EQ(counters[i], 1) << i;
    ASSERT_TRUE(deque.pop_last(task));
    task.run();
    EXPECT_EQ(counters[39 - i], 1) << 39 - i;
  }
  EXPECT_FALSE(deque.take(task));
  EXPECT_FALSE(deque.pop_last(task));
  EXPECT_TRUE(deque.seems_empty());
  deque.push(counting(counters, 0));
  EXPECT_FALSE(deque.seems_empty());
  EXPECT_TRUE(deque.take(task)) << "a pop that found nothing leaves it as it was";
}

TEST(TaskDeque, PopsATaskOnlyIfItIsAboutTheSubject) {
  TaskDeque deque(2);
  int a = 0;
  int b = 0;
  deque.push(Task::of([p = &a] { ++*p; }));
  deque.push(Task::of([p = &b] { ++*p; }));
  Task task;
  EXPECT_FALSE(deque.pop_if(&a, task));
  EXPECT_TRUE(deque.pop_if(&b, task));
  task.run();
  EXPECT_EQ(b, 1);
  EXPECT_TRUE(deque.pop_if(&a, task));
  EXPECT_FALSE(deque.pop_if(&a, task)) << "what is gone is not found again";
}

TEST(TaskDeque, GivesEachTaskOnceToTheOwnerOrAThief) {
  check([](weft::Run& run) {
    Counters counters(3);
    TaskDeque deque(2);
    deque.push(counting(counters, 0));
    run.thread("owner", [&] {
      Task task;
      deque.push(counting(counters, 1));
      if (deque.pop_last(task)) task.run();
      deque.push(counting(counters, 2));
      while (deque.pop_last(task)) task.run();
    });
    for (int thief = 0; thief < 2; ++thief) {
      run.thread("thief", [&] {
        Task task;
        if (deque.take(task)) task.run();
      });
    }
    run.join();
    Task task;
    while (deque.take(task)) task.run();
    require_each_once(run, counters);
  });
}

TEST(TaskDeque, GivesEachTaskOnceWhileItGrows) {
  check([](weft::Run& run) {
    constexpr std::size_t kTasks = kExplored ? 4 : 500;
    Counters counters(kTasks);
    TaskDeque deque(2);
    run.thread("owner", [&] {
      for (std::size_t i = 0; i < kTasks; ++i) deque.push(counting(counters, i));
    });
    for (int thief = 0; thief < 2; ++thief) {
      run.thread("thief", [&] {
        Task task;
        for (std::size_t looks = 0; looks < kTasks; ++looks) {
          if (deque.take(task)) task.run();
        }
      });
    }
    run.join();
    Task task;
    while (deque.take(task)) task.run();
    require_each_once(run, counters);
  });
}

TEST(TaskDeque, GivesSomeAtOnceButLeavesTheOthersTheirs) {
  TaskDeque deque(2);
  Counters counters(12);
  for (std::size_t i = 0; i < counters.size(); ++i) deque.push(counting(counters, i));
  std::uint64_t seen = 0;
  Task tasks[4];
  EXPECT_EQ(deque.take_some(seen, tasks, 4, 2), 4u) << "no more than asked for";
  EXPECT_EQ(deque.take_some(seen, tasks, 4, 4), 2u) << "no more than the share";
  EXPECT_EQ(deque.take_some(seen, tasks, 4, 100), 1u) << "but one";
  EXPECT_EQ(deque.top(), 7u);
  tasks[0].run();
  EXPECT_EQ(counters[6], 1) << "the first of those that are left";
}

TEST(TaskDeque, GivesEachTaskOnceToThoseWhoTakeSome) {
  check([](weft::Run& run) {
    constexpr std::size_t kTasks = kExplored ? 4 : 1000;
    Counters counters(kTasks);
    TaskDeque deque(2);
    const auto take_all = [&] {
      std::uint64_t seen = 0;
      Task tasks[3];
      while (const std::size_t count = deque.take_some(seen, tasks, 3, 1)) {
        for (std::size_t i = 0; i < count; ++i) tasks[i].run();
      }
    };
    run.thread("owner", [&] {
      for (std::size_t i = 0; i < kTasks; ++i) deque.push(counting(counters, i));
    });
    for (int taker = 0; taker < 2; ++taker) run.thread("taker", take_all);
    run.join();
    take_all();
    require_each_once(run, counters);
  });
}

constexpr std::size_t kInstances = kExplored ? 1 : 2048;

// The owner's store of bottom_ and load of top_ in pop() must not change places: else the owner
// takes the last task without asking, because it saw two, while a thief takes both.
TEST(TaskDeque, TheLastTaskIsNotGotTwiceInAnyOfManyDeques) {
  check([](weft::Run& run) {
    Counters counters(2 * kInstances);
    std::vector<std::unique_ptr<TaskDeque>> deques;
    for (std::size_t i = 0; i < kInstances; ++i) {
      deques.push_back(std::make_unique<TaskDeque>(2));
      deques.back()->push(counting(counters, 2 * i));
      deques.back()->push(counting(counters, 2 * i + 1));
    }
    InStep steps;
    run.thread("owner", [&] {
      Task task;
      for (std::size_t i = 0; i < kInstances; ++i) {
        steps.meet(0, i);
        while (deques[i]->pop_last(task)) task.run();
      }
    });
    run.thread("thief", [&] {
      Task tasks[2];
      for (std::size_t i = 0; i < kInstances; ++i) {
        steps.meet(1, i);
        std::size_t got = 0;
        while (got < 2 && deques[i]->take(tasks[got])) ++got;
        while (got > 0) tasks[--got].run();
      }
    });
    run.join();
    require_each_once(run, counters);
  });
}

// The pusher's store of bottom_ and load of the counts must not change places: else it calls nobody
// for a task that the worker did not see.
TEST(Parking, NoTaskIsOverlookedByBothInAnyOfManyPairs) {
  struct Pair {
    TaskDeque deque{2};
    IdleWorkers idle{1};
    IdleWorkers::Seat seat;
    bool called = false;
    bool found = false;
    Pair() { idle.join(); }
  };
  check([](weft::Run& run) {
    Counters counters(kInstances);
    std::vector<std::unique_ptr<Pair>> pairs;
    for (std::size_t i = 0; i < kInstances; ++i) pairs.push_back(std::make_unique<Pair>());
    InStep steps;
    run.thread("pusher", [&] {
      for (std::size_t i = 0; i < kInstances; ++i) {
        steps.meet(0, i);
        pairs[i]->deque.push_before_looking(counting(counters, i));
        // Who sees a searching worker relies on its last look.
        pairs[i]->called = pairs[i]->idle.nobody_searches();
      }
    });
    run.thread("worker", [&] {
      for (std::size_t i = 0; i < kInstances; ++i) {
        steps.meet(1, i);
        pairs[i]->idle.lie_down(pairs[i]->seat, true);
        pairs[i]->found = !pairs[i]->deque.seems_empty();
      }
    });
    run.join();
    for (const auto& pair : pairs) {
      run.require(pair->called || pair->found, "one of the two sees the other");
    }
  });
}

TEST(Parking, CallsTheLastWhoLayDownAndOneAtATime) {
  IdleWorkers idle(2);
  IdleWorkers::Seat first;
  IdleWorkers::Seat second;
  idle.join();
  idle.join();
  EXPECT_FALSE(idle.nobody_searches());
  idle.lie_down(first, true);
  idle.lie_down(second, true);
  EXPECT_TRUE(idle.nobody_searches());
  EXPECT_TRUE(idle.somebody_sleeps());
  idle.call_one();
  idle.await_call(second);  // it was called, so this returns
  EXPECT_FALSE(idle.nobody_searches());
  idle.call_one();
  EXPECT_TRUE(idle.somebody_sleeps()) << "while one searches, nobody else is called";
  EXPECT_FALSE(idle.begin_search()) << "one is enough";
  EXPECT_TRUE(idle.end_search());
  idle.call_one();
  idle.await_call(first);
  EXPECT_FALSE(idle.somebody_sleeps());
}

TEST(Parking, WhoGetsUpIsNotCalled) {
  IdleWorkers idle(1);
  IdleWorkers::Seat seat;
  idle.join();
  idle.lie_down(seat, true);
  idle.get_up(seat);
  EXPECT_FALSE(idle.somebody_sleeps());
  EXPECT_FALSE(idle.nobody_searches());
  idle.call_one();
  EXPECT_TRUE(idle.end_search()) << "it was the only one";
}

TEST(Parking, FinishesWhenAllSleepAndItIsClosing) {
  IdleWorkers idle(2);
  IdleWorkers::Seat first;
  IdleWorkers::Seat second;
  idle.join();
  idle.join();
  idle.lie_down(first, true);
  idle.begin_closing();
  EXPECT_FALSE(idle.finished()) << "one is awake";
  idle.lie_down(second, true);
  EXPECT_TRUE(idle.finished());
  idle.await_call(first);
  idle.await_call(second);
}

TEST(Parking, AWorkerThatLiesDownIsCalledOrGetsUp) {
  check([](weft::Run& run) {
    IdleWorkers idle(1);
    IdleWorkers::Seat seat;
    TaskDeque deque(2);
    Counters counters(1);
    idle.join();
    run.thread("worker", [&] {
      idle.lie_down(seat, true);
      if (deque.seems_empty()) {
        idle.await_call(seat);
      } else {
        idle.get_up(seat);
      }
      Task task;
      run.require(deque.take(task), "who is called finds the task");
      task.run();
    });
    run.thread("pusher", [&] {
      deque.push_before_looking(counting(counters, 0));
      if (idle.nobody_searches() && idle.somebody_sleeps()) idle.call_one();
    });
    run.join();
    require_each_once(run, counters);
  });
}

}  // namespace
}  // namespace weft
