// What the thread pool executor does.
#include <gtest/gtest.h>
#include <sched.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <memory>
#include <numeric>
#include <stdexcept>
#include <vector>

#include "primitives/base/errors.h"
#include "primitives/pool/futures.h"
#include "primitives/pool/thread_pool_executor.h"
#include "primitives/threading/event.h"
#include "stress/base/on_one_processor.h"
#include "stress/check.h"
#include "stress/run/build_mode.h"

namespace weft {
namespace {

using std::chrono::milliseconds;

std::vector<int> numbers(int count) {
  std::vector<int> numbers(static_cast<std::size_t>(count));
  std::iota(numbers.begin(), numbers.end(), 0);
  return numbers;
}

TEST(ThreadPoolExecutor, NeedsAWorker) { EXPECT_THROW(ThreadPoolExecutor(0), ValueError); }

// As Python's: four more than processors, at most 32.
TEST(ThreadPoolExecutor, HasFourMoreWorkersThanItsMakerHasProcessors) {
  cpu_set_t mine;
  ASSERT_EQ(sched_getaffinity(0, sizeof mine, &mine), 0);
  EXPECT_EQ(ThreadPoolExecutor().max_workers(),
            std::min(static_cast<std::size_t>(CPU_COUNT(&mine)) + 4, std::size_t{32}));
  const testing_processors::OnOneProcessor here;
  EXPECT_EQ(ThreadPoolExecutor().max_workers(), 5u);
}

TEST(ThreadPoolExecutor, BeginsAWorkerOnlyWhenNoneIsIdle) {
  ThreadPoolExecutor executor(3);
  EXPECT_EQ(executor.workers(), 0u);
  Event go;
  std::vector<Future<void>> futures;
  for (std::size_t busy = 1; busy <= 3; ++busy) {
    Event begun;
    futures.push_back(executor.submit([&] {
      begun.set();
      go.wait();
    }));
    begun.wait();
    EXPECT_EQ(executor.workers(), busy);
  }
  futures.push_back(executor.submit([] {}));
  EXPECT_EQ(executor.workers(), 3u) << "not more than the most";
  go.set();
  (void)wait(futures);
}

TEST(ThreadPoolExecutor, MapYieldsInTheOrderOfTheInput) {
  ThreadPoolExecutor executor(3);
  std::vector<int> squares;
  for (int square : executor.map([](int n) { return n * n; }, numbers(20)))
    squares.push_back(square);
  ASSERT_EQ(squares.size(), 20u);
  for (int i = 0; i < 20; ++i) EXPECT_EQ(squares[static_cast<std::size_t>(i)], i * i);
}

TEST(ThreadPoolExecutor, MapSubmitsEverythingAtOnce) {
  std::atomic<int> calls{0};
  {
    ThreadPoolExecutor executor(2);
    Event all;
    const auto results = executor.map(
        [&](int) {
          if (++calls == 5) all.set();
        },
        numbers(5));
    all.wait();
  }
  EXPECT_EQ(calls, 5);
}

TEST(ThreadPoolExecutor, MapThrowsAFailureWhenItIsReachedAndCancelsTheRest) {
  Event go;
  std::atomic<int> calls{0};
  ThreadPoolExecutor executor(1);
  auto results = executor.map(
      [&](int n) {
        ++calls;
        if (n == 1) throw std::out_of_range("1");
        if (n == 2) go.wait();
        return n;
      },
      numbers(5));
  EXPECT_EQ(results.next(), 0);
  EXPECT_THROW((void)results.next(), std::out_of_range);
  EXPECT_FALSE(results.next()) << "it has ended";
  go.set();
  executor.shutdown();
  EXPECT_LE(calls, 3) << "3 and 4 were cancelled";
}

TEST(ThreadPoolExecutor, MapsTimeIsForAllResults) {
  Event go;  // before the executor, whose tasks use it to the end
  ThreadPoolExecutor executor(1);
  auto results = executor.map([&](int) { go.wait(); }, numbers(2), milliseconds(1));
  EXPECT_THROW((void)results.next(), TimeoutError);
  EXPECT_FALSE(results.next());
  go.set();
}

TEST(ThreadPoolExecutor, AfterShutdownRefusesAndStillRunsWhatWasSubmitted) {
  ThreadPoolExecutor executor(1);
  Event go;
  std::atomic<int> runs{0};
  (void)executor.submit([&] { go.wait(); });
  for (int i = 0; i < 3; ++i) (void)executor.submit([&] { ++runs; });
  executor.shutdown({.wait = false});
  EXPECT_THROW((void)executor.submit([] {}), RuntimeError);
  EXPECT_THROW((void)executor.map([](int n) { return n; }, numbers(1)), RuntimeError);
  go.set();
  executor.shutdown();
  executor.shutdown();
  EXPECT_EQ(runs, 3);
}

TEST(ThreadPoolExecutor, ShutdownMayCancelWhatHasNotBegun) {
  ThreadPoolExecutor executor(1);
  Event begun;
  Event go;
  const auto running = executor.submit([&] {
    begun.set();
    go.wait();
    return 1;
  });
  begun.wait();
  const auto waiting = executor.submit([] { return 2; });
  executor.shutdown({.wait = false, .cancel_futures = true});
  EXPECT_TRUE(waiting.cancelled());
  EXPECT_EQ(wait(std::vector{waiting}).done.size(), 1u) << "its end is known to those who wait";
  go.set();
  executor.shutdown();
  EXPECT_EQ(running.result(), 1);
}

TEST(ThreadPoolExecutor, IsBrokenWhenAnInitializerFails) {
  auto before = set_stray_exception_hook([](const char*, std::exception_ptr) {});
  {
    Event fail;  // not before the first task is there, which would be refused
    ThreadPoolExecutor executor({.max_workers = 1, .initializer = [&fail] {
                                   fail.wait();
                                   throw std::runtime_error("no");
                                 }});
    Future<int> future = executor.submit([] { return 1; });
    fail.set();
    EXPECT_THROW((void)future.result(), CancelledError);
    EXPECT_THROW((void)executor.submit([] {}), BrokenThreadPool);
  }
  (void)set_stray_exception_hook(std::move(before));
}

TEST(ThreadPoolExecutor, RunsOrCancelsOrRefusesWhateverTheShutdownMeets) {
  check([](weft::Run& run) {
    ThreadPoolExecutor executor(1);
    std::atomic<int> runs{0};
    int accepted = 0;
    int cancelled = 0;
    run.thread([&] {
      std::vector<Future<void>> futures;
      try {
        for (int i = 0; i < 2; ++i) futures.push_back(executor.submit([&] { ++runs; }));
      } catch (const RuntimeError&) {
      }
      accepted = static_cast<int>(futures.size());
      for (const auto& future : wait(futures).done) cancelled += future.cancelled() ? 1 : 0;
    });
    run.thread([&] { executor.shutdown({.cancel_futures = true}); });
    run.join();
    run.require(runs + cancelled == accepted, "each one once, or not at all");
  });
}

TEST(ThreadPoolExecutor, CancelsATaskOrRunsIt) {
  check([](weft::Run& run) {
    std::atomic<int> runs{0};
    bool cancelled = false;
    {
      ThreadPoolExecutor executor(1);
      Future<void> future = executor.submit([&] { ++runs; });
      run.thread([&] { cancelled = future.cancel(); });
      run.join();
    }
    run.require((runs == 1) != cancelled, "one of the two");
  });
}

TEST(ThreadPoolExecutor, WhoeverShutsDownWaits) {
  check([](weft::Run& run) {
    ThreadPoolExecutor executor(2);
    std::atomic<int> runs{0};
    for (int i = 0; i < 3; ++i) (void)executor.submit([&] { ++runs; });
    for (int i = 0; i < 2; ++i) {
      run.thread([&] {
        executor.shutdown();
        run.require(runs == 3, "all tasks have run");
      });
    }
    run.join();
  });
}

}  // namespace
}  // namespace weft
