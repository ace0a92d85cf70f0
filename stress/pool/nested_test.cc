// Tasks that wait for tasks of their own pool: a worker that waits does what it waits for.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <mutex>
#include <vector>

#include "primitives/base/errors.h"
#include "primitives/pool/futures.h"
#include "primitives/pool/thread_pool.h"
#include "primitives/pool/thread_pool_executor.h"
#include "primitives/threading/event.h"
#include "primitives/threading/lock.h"
#include "stress/check.h"
#include "stress/run/build_mode.h"

namespace weft {
namespace {

int fibonacci(ThreadPool& pool, int n) {
  if (n < 2) return n;
  const auto before = pool.submit(fibonacci, std::ref(pool), n - 1);
  const int two_before = fibonacci(pool, n - 2);
  return before.result() + two_before;
}

int depth(ThreadPool& pool, int left) {
  return left == 0 ? 0 : 1 + pool.submit(depth, std::ref(pool), left - 1).result();
}

// TP1
TEST(Nested, TasksMayWaitForTasksToAnyDepth) {
  for (std::size_t workers : {1u, 2u}) {
    ThreadPool pool(workers);
    EXPECT_EQ(depth(pool, 64), 64) << workers;
    EXPECT_EQ(pool.submit(depth, std::ref(pool), 64).result(), 64) << workers;
  }
}

TEST(Nested, ForksAndJoinsRecursively) {
  for (std::size_t workers : {1u, 2u, 4u}) {
    ThreadPool pool(workers);
    EXPECT_EQ(pool.submit(fibonacci, std::ref(pool), 12).result(), 144) << workers;
  }
}

// TP1
TEST(Nested, ForksAndJoinsInEverySchedule) {
  check([](weft::Run& run) {
    ThreadPool pool(2);
    run.require(pool.submit(fibonacci, std::ref(pool), 3).result() == 2, "the third number");
  });
}

TEST(Nested, TwoTasksMayWaitForEachOthersChildren) {
  check([](weft::Run& run) {
    ThreadPool pool(2);
    const auto child = pool.submit([] { return 1; });
    const auto wait_for_it = [&child] { return child.result(); };
    const auto first = pool.submit(wait_for_it);
    const auto second = pool.submit(wait_for_it);
    run.require(first.result() + second.result() == 2, "both have it");
  });
}

// TP2: with any other task than the awaited one, this would need its own lock.
TEST(Nested, AWaitingWorkerDoesNothingThatItDoesNotWaitFor) {
  check([](weft::Run& run) {
    Lock lock;
    ThreadPool pool(1);
    const auto outer = pool.submit([&] {
      const auto needs_lock = pool.submit([&lock] { std::scoped_lock hold(lock); });
      const auto awaited = pool.submit([] { return 1; });
      std::scoped_lock hold(lock);
      return awaited.result();
    });
    run.require(outer.result() == 1, "the awaited task was done");
  });
}

TEST(Nested, ManyAreWaitedForInAWorker) {
  for (const auto when : {ReturnWhen::kFirstCompleted, ReturnWhen::kAllCompleted}) {
    ThreadPool pool(1);
    const std::size_t done = pool.apply([&] {
      std::vector<Future<int>> children;
      for (int i = 0; i < 3; ++i) children.push_back(pool.submit([i] { return i; }));
      return wait(children, when).done.size();
    });
    EXPECT_EQ(done, when == ReturnWhen::kAllCompleted ? 3u : 1u);
  }
  ThreadPool pool(1);
  const int sum = pool.apply([&] {
    std::vector<Future<int>> children;
    for (int i = 0; i < 3; ++i) children.push_back(pool.submit([i] { return i; }));
    int sum = 0;
    for (const auto& child : as_completed(children)) sum += child.result();
    return sum;
  });
  EXPECT_EQ(sum, 3);
}

TEST(Nested, MapsAndImapsInAWorker) {
  ThreadPool pool(1);
  const std::vector<int> inputs{1, 2, 3};
  const int sum = pool.apply([&] {
    int sum = 0;
    for (int n : pool.map([](int n) { return n; }, inputs)) sum += n;
    for (int n : pool.imap([](int n) { return n; }, inputs)) sum += n;
    for (int n : pool.imap_unordered([](int n) { return n; }, inputs)) sum += n;
    return sum;
  });
  EXPECT_EQ(sum, 18);
}

TEST(Nested, AWorkerThatWaitsWithALimitKeepsToIt) {
  ThreadPool pool(1);
  const bool in_time = pool.apply([&] {
    const auto child = pool.submit([] {});
    return child.wait_for(std::chrono::milliseconds(1));
  });
  EXPECT_FALSE(in_time);
}

TEST(Nested, AnotherPoolsWorkerDoesNotHelp) {
  ThreadPool pool(1);
  ThreadPool other(1);
  Event go;
  (void)pool.submit([&] { go.wait(); });
  const auto child = pool.submit([] { return 1; });
  const auto waits = other.submit([&] { return child.result(); });
  EXPECT_FALSE(child.running());
  go.set();
  EXPECT_EQ(waits.result(), 1);
}

TEST(Nested, AnExecutorsTasksWaitForEachOther) {
  check([](weft::Run& run) {
    ThreadPoolExecutor executor(1);
    const auto outer =
        executor.submit([&] { return executor.submit([] { return 2; }).result() + 1; });
    run.require(outer.result() == 3, "the inner one was done");
  });
}

TEST(Nested, ACancelledChildIsNotDone) {
  check([](weft::Run& run) {
    std::atomic<int> runs{0};
    ThreadPool pool(1);
    const auto outer = pool.submit([&] {
      auto child = pool.submit([&runs] { ++runs; });
      const bool cancelled = child.cancel();
      try {
        (void)child.result();
      } catch (const CancelledError&) {
        return cancelled && runs == 0;
      }
      return !cancelled && runs == 1;
    });
    run.require(outer.result(), "cancelled or done");
  });
}

}  // namespace
}  // namespace weft
