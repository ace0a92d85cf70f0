// The workers below the pools, and their plain twin: the same properties of both.
#include "primitives/pool/workers.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <stdexcept>
#include <vector>

#include "primitives/base/errors.h"
#include "primitives/pool/stray_exception.h"
#include "primitives/pool/task.h"
#include "primitives/threading/event.h"
#include "stress/check.h"
#include "stress/pool/plain_workers.h"
#include "stress/run/build_mode.h"

namespace weft {
namespace {

using internal::Task;

template <class W, class F>
void submit(W& workers, F&& function) {
  Task task = Task::of(std::forward<F>(function));
  try {
    workers.submit(task);
  } catch (...) {
    task.drop();
    throw;
  }
}

template <class W>
class WorkersTest : public testing::Test {};
using Both = testing::Types<internal::Workers, testing_pool::PlainWorkers>;
TYPED_TEST_SUITE(WorkersTest, Both);

TYPED_TEST(WorkersTest, TasksOfOneThreadBeginInOrder) {
  std::vector<int> order;
  {
    TypeParam workers({.most = 1});
    for (int i = 0; i < 3000; ++i) submit(workers, [&order, i] { order.push_back(i); });
  }
  ASSERT_EQ(order.size(), 3000u);
  for (int i = 0; i < 3000; ++i) ASSERT_EQ(order[static_cast<std::size_t>(i)], i);
}

TYPED_TEST(WorkersTest, ManyTasksOfOneThreadBeginInOrderWheneverTheWorkerLooks) {
  check([](weft::Run& run) {
    constexpr int kTasks = 6;  // enough for a worker to take some at once
    std::vector<int> order;
    {
      TypeParam workers({.most = 1});
      run.thread([&] {
        for (int i = 0; i < kTasks; ++i) submit(workers, [&order, i] { order.push_back(i); });
      });
      run.join();
    }
    run.require(order == std::vector<int>{0, 1, 2, 3, 4, 5}, "each once and in order");
  });
}

TYPED_TEST(WorkersTest, TasksOfOneTaskBeginInOrder) {
  std::vector<int> order;
  {
    TypeParam workers({.most = 1});
    submit(workers, [&] {
      for (int i = 0; i < 300; ++i) submit(workers, [&order, i] { order.push_back(i); });
    });
    Event submitted;
    submit(workers, [&submitted] { submitted.set(); });
    submitted.wait();
  }
  ASSERT_EQ(order.size(), 300u);
  for (int i = 0; i < 300; ++i) ASSERT_EQ(order[static_cast<std::size_t>(i)], i);
}

TYPED_TEST(WorkersTest, EachTaskRunsOnceWhoeverSubmitsIt) {
  check([](weft::Run& run) {
    constexpr int kTasks = kExplored ? 2 : 200;
    std::vector<std::atomic<int>> runs(4 * kTasks);
    std::atomic<int> left{4 * kTasks};
    Event all;
    const auto count = [&](int n) {
      ++runs[static_cast<std::size_t>(n)];
      if (--left == 0) all.set();
    };
    {
      TypeParam workers({.most = 2});
      for (int submitter = 0; submitter < 2; ++submitter) {
        run.thread([&, submitter] {
          for (int i = 0; i < kTasks; ++i) {
            submit(workers, [&workers, &count, n = 2 * (submitter * kTasks + i)] {
              count(n);
              submit(workers, [&count, n] { count(n + 1); });
            });
          }
        });
      }
      run.join();
      all.wait();  // a task that submits needs open workers
    }
    for (const auto& count : runs) run.require(count == 1, "a task runs once");
  });
}

// TP5: the worker may be on its way to sleep each time.
TYPED_TEST(WorkersTest, NoTaskWaitsBesideASleepingWorker) {
  check([](weft::Run& run) {
    TypeParam workers({.most = 1});
    for (int i = 0; i < 3; ++i) {
      Event done;
      submit(workers, [&done] { done.set(); });
      done.wait();
    }
    run.require(workers.started() == 1, "one worker");
  });
}

// The second task must find a worker though the first one keeps the one that was called.
TYPED_TEST(WorkersTest, ATaskThatWaitsForTheNextOneGetsIt) {
  check([](weft::Run&) {
    TypeParam workers({.most = 2});
    Event first;
    Event second;
    submit(workers, [&] {
      second.wait();
      first.set();
    });
    submit(workers, [&second] { second.set(); });
    first.wait();
  });
}

// The same among a worker's own tasks.
TYPED_TEST(WorkersTest, ATaskThatWaitsForItsOwnChildGetsItFromAnotherWorker) {
  check([](weft::Run&) {
    TypeParam workers({.most = 2});
    Event all;
    submit(workers, [&] {
      Event child;
      submit(workers, [&child] { child.set(); });
      child.wait();
      all.set();
    });
    all.wait();
  });
}

// The task may run on a worker that is just being started, and the other one be asleep by then: one
// schedule in some thousand, so the search has more time.
TYPED_TEST(WorkersTest, AChildOnANewWorkerIsSeenByTheOthers) {
  const Options options{.budget =
                            kExplored ? std::chrono::seconds(3) : std::chrono::milliseconds(300)};
  check(
      [](weft::Run&) {
        TypeParam workers({.most = 2, .on_demand = true});
        Event all;
        submit(workers, [] {});
        submit(workers, [&] {
          Event child;
          submit(workers, [&child] { child.set(); });
          child.wait();
          all.set();
        });
        all.wait();
      },
      options);
}

TYPED_TEST(WorkersTest, ATaskThatWaitsForTheNextOneStartsAWorkerForIt) {
  check([](weft::Run& run) {
    TypeParam workers({.most = 2, .on_demand = true});
    Event first;
    Event second;
    submit(workers, [&] {
      second.wait();
      first.set();
    });
    submit(workers, [&second] { second.set(); });
    first.wait();
    run.require(workers.started() == 2, "the first one was busy");
  });
}

// TP3
TYPED_TEST(WorkersTest, WhatIsAcceptedWhileTheyCloseRuns) {
  check([](weft::Run& run) {
    std::atomic<int> accepted{0};
    std::atomic<int> runs{0};
    TypeParam workers({.most = 2});
    run.thread([&] {
      try {
        for (int i = 0; i < 2; ++i) {
          submit(workers, [&] {
            ++runs;
            try {
              submit(workers, [&runs] { ++runs; });
              ++accepted;
            } catch (const RuntimeError&) {
            }
          });
          ++accepted;
        }
      } catch (const RuntimeError&) {
      }
    });
    run.thread([&] { workers.close(); });
    run.join();
    workers.join();
    run.require(runs == accepted, "what was accepted runs");
  });
}

TYPED_TEST(WorkersTest, ATaskThatMeetsTheCloseRunsOrIsRefused) {
  check([](weft::Run& run) {
    std::atomic<int> runs{0};
    bool accepted = false;
    TypeParam workers({.most = 1});
    run.thread([&] {
      try {
        submit(workers, [&runs] { ++runs; });
        accepted = true;
      } catch (const RuntimeError&) {
      }
    });
    run.thread([&] { workers.close(); });
    run.join();
    workers.join();
    run.require(runs == (accepted ? 1 : 0), "what was accepted runs");
  });
}

// A worker must not end while a task may still need it.
TYPED_TEST(WorkersTest, ATaskOfAClosedPoolStillGetsHelpFromTheOtherWorkers) {
  check([](weft::Run& run) {
    TypeParam workers({.most = 2});
    bool accepted = false;
    bool child_ran = false;
    submit(workers, [&] {
      Event child;
      try {
        submit(workers, [&] {
          child_ran = true;
          child.set();
        });
        accepted = true;
        child.wait();
      } catch (const RuntimeError&) {
      }
    });
    workers.close();
    workers.join();
    run.require(child_ran == accepted, "a child that was accepted runs beside its parent");
  });
}

TYPED_TEST(WorkersTest, WhatIsNotRunIsDroppedOnce) {
  check([](weft::Run& run) {
    struct Counted {
      std::atomic<int>* ends;
      std::atomic<int>* runs;
      Counted(std::atomic<int>& e, std::atomic<int>& r) : ends(&e), runs(&r) {}
      Counted(Counted&& other) noexcept : ends(other.ends), runs(other.runs) {
        other.ends = nullptr;
      }
      ~Counted() {
        if (ends != nullptr) ++*ends;
      }
      void operator()() && { ++*runs; }
    };
    std::atomic<int> ends{0};
    std::atomic<int> runs{0};
    TypeParam workers({.most = 1});
    for (int i = 0; i < 2; ++i) submit(workers, Counted(ends, runs));
    run.thread([&] { workers.terminate(); });
    run.join();
    workers.join();
    run.require(ends == 2, "each ends once");
    run.require(runs <= 2, "each runs once at most");
  });
}

TYPED_TEST(WorkersTest, RefuseWorkWhenTheInitializerFails) {
  auto before = set_stray_exception_hook([](const char*, const std::exception_ptr&) {});
  check([](weft::Run& run) {
    TypeParam workers({.most = 2, .initializer = [] { throw std::runtime_error("no"); }});
    std::atomic<int> runs{0};
    int accepted = 0;
    try {
      for (; accepted < 2; ++accepted) submit(workers, [&runs] { ++runs; });
    } catch (const BrokenThreadPool&) {
    }
    workers.close();
    workers.join();
    run.require(runs == 0, "no task runs on a worker that is not ready");
  });
  (void)set_stray_exception_hook(std::move(before));
}

}  // namespace
}  // namespace weft
