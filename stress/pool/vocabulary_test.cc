// What apply, the asynchronous maps, imap, terminate() and the initializer of a thread pool do.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <numeric>
#include <ranges>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <thread>
#include <tuple>
#include <utility>
#include <vector>

#include "primitives/base/errors.h"
#include "primitives/pool/thread_pool.h"
#include "primitives/threading/event.h"
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

TEST(ThreadPool, ApplyWaitsForTheResult) {
  ThreadPool pool(1);
  EXPECT_EQ(pool.apply([](int a, int b) { return a - b; }, 5, 2), 3);
  EXPECT_EQ(*pool.apply([](std::unique_ptr<int> p) { return p; }, std::make_unique<int>(2)), 2);
  EXPECT_THROW(pool.apply([] { throw std::out_of_range("of the task"); }), std::out_of_range);
}

TEST(ThreadPool, ApplyAsyncCallsBackBeforeTheResultIsReady) {
  ThreadPool pool(1);
  std::string log;
  const auto sum = pool.apply_async([](int a, int b) { return a + b; }, std::tuple(1, 2),
                                    [&](int value) { log += std::to_string(value); },
                                    [&](const std::exception_ptr&) { log += "error"; });
  EXPECT_EQ(sum.get(), 3);
  EXPECT_EQ(log, "3");
  EXPECT_TRUE(sum.ready());
  EXPECT_TRUE(sum.successful());

  const auto failing =
      pool.apply_async([] { throw std::out_of_range("it"); }, std::tuple(), [&] { log += "value"; },
                       [&](const std::exception_ptr&) { log += "error"; });
  EXPECT_THROW((void)failing.get(), std::out_of_range);
  EXPECT_EQ(log, "3error");
  EXPECT_FALSE(failing.successful());
}

TEST(ThreadPool, AnAsyncResultThatIsNotReadySaysSo) {
  ThreadPool pool(1);
  Event go;
  const auto result = pool.apply_async([&] { go.wait(); });
  EXPECT_FALSE(result.ready());
  EXPECT_THROW((void)result.successful(), ValueError);
  EXPECT_THROW((void)result.get_for(milliseconds(1)), TimeoutError);
  go.set();
  (void)result.get();
}

TEST(ThreadPool, ACallbackThatThrowsHarmsNobody) {
  std::atomic<int> strays{0};
  auto before = set_stray_exception_hook([&](const char*, const std::exception_ptr&) { ++strays; });
  ThreadPool pool(1);
  const auto result = pool.apply_async([] { return 1; }, std::tuple(),
                                       [](int) { throw std::runtime_error("of the callback"); });
  EXPECT_EQ(result.get(), 1);
  EXPECT_EQ(pool.apply([] { return 2; }), 2);
  (void)set_stray_exception_hook(std::move(before));
  EXPECT_EQ(strays, 1);
}

TEST(ThreadPool, PostRunsWithoutAFutureAndItsFailureIsStray) {
  std::atomic<int> strays{0};
  auto before = set_stray_exception_hook([&](const char*, const std::exception_ptr&) { ++strays; });
  std::atomic<int> runs{0};
  {
    ThreadPool pool(1);
    const auto held = std::make_shared<int>(1);
    pool.post([&runs] { ++runs; });
    pool.post([&runs, held] { runs += *held; });
    pool.post([held] { throw std::runtime_error("of the task"); });
    pool.post([&runs] { ++runs; });
    pool.close();
    EXPECT_THROW(pool.post([held] {}), RuntimeError);
    pool.join();
    EXPECT_EQ(held.use_count(), 1);
  }
  (void)set_stray_exception_hook(std::move(before));
  EXPECT_EQ(runs, 3);
  EXPECT_EQ(strays, 1);
}

TEST(ThreadPool, MapTakesChunksOfAnySize) {
  ThreadPool pool(2);
  for (std::size_t chunk : {1u, 3u, 10u, 1000u}) {
    EXPECT_EQ(pool.map([](int n) { return n; }, numbers(10), chunk), numbers(10)) << chunk;
  }
}

TEST(ThreadPool, MapKeepsResultsOfEveryType) {
  ThreadPool pool(2);
  EXPECT_EQ(pool.map([](int n) { return n % 2 == 1; }, numbers(3)),
            (std::vector<bool>{false, true, false}));
  EXPECT_EQ(pool.map([](int n) { return std::to_string(n); }, numbers(2)),
            (std::vector<std::string>{"0", "1"}));
  EXPECT_EQ(*pool.map([](int n) { return std::make_unique<int>(n); }, numbers(3))[2], 2);
}

TEST(ThreadPool, MapIntoWritesWhereItIsTold) {
  ThreadPool pool(2);
  std::vector<int> values = numbers(50);
  pool.map_into([](int n) { return n + 1; }, values, values.begin());
  for (int i = 0; i < 50; ++i) EXPECT_EQ(values[static_cast<std::size_t>(i)], i + 1);
}

// Who has a pool of one worker has it for one thing at a time.
TEST(ThreadPool, MapOfOneWorkerLeavesItsCallerOut) {
  ThreadPool pool(1);
  const auto caller = std::this_thread::get_id();
  pool.map([&](int) { EXPECT_NE(std::this_thread::get_id(), caller); }, numbers(20), 1);
}

TEST(ThreadPool, StarmapSpreadsTheArguments) {
  ThreadPool pool(2);
  const std::vector<std::tuple<int, int>> pairs{{1, 2}, {3, 4}};
  EXPECT_EQ(pool.starmap([](int a, int b) { return a * b; }, pairs), (std::vector<int>{2, 12}));
  EXPECT_EQ(pool.starmap_async([](int a, int b) { return a + b; }, pairs).get(),
            (std::vector<int>{3, 7}));
}

TEST(ThreadPool, MapAsyncCallsBackWithAllResults) {
  ThreadPool pool(2);
  int sum = 0;
  const auto doubled = pool.map_async([](int n) { return 2 * n; }, numbers(10), 3,
                                      [&](const std::vector<int>& results) {
                                        sum = std::accumulate(results.begin(), results.end(), 0);
                                      });
  EXPECT_EQ(doubled.get().size(), 10u);
  EXPECT_EQ(sum, 90);
  EXPECT_TRUE(pool.map_async([](int n) { return n; }, numbers(0)).get().empty());
}

TEST(ThreadPool, MapAsyncFailsWhenAllCallsAreDoneWithTheFirstFailure) {
  ThreadPool pool(2);
  std::atomic<int> calls{0};
  std::string of_callback;
  const auto result = pool.map_async(
      [&](int n) {
        ++calls;
        if (n >= 3) throw std::out_of_range(std::to_string(n));
      },
      numbers(10), 4, NoCallback(),
      [&](const std::exception_ptr& error) {
        try {
          std::rethrow_exception(error);
        } catch (const std::out_of_range& failure) {
          of_callback = failure.what();
        }
      });
  EXPECT_THROW((void)result.get(), std::out_of_range);
  EXPECT_EQ(calls, 10);
  EXPECT_EQ(of_callback, "3");
}

TEST(ThreadPool, ImapGivesResultsInOrderAndGoesOnAfterAFailure) {
  ThreadPool pool(2);
  for (std::size_t chunk : {1u, 3u}) {
    auto results = pool.imap(
        [](int n) {
          if (n == 2) throw std::out_of_range("2");
          return 10 * n;
        },
        numbers(5), chunk);
    EXPECT_EQ(results.next(), 0);
    EXPECT_EQ(results.next(), 10);
    EXPECT_THROW((void)results.next(), std::out_of_range);
    EXPECT_EQ(results.next(), 30);
    EXPECT_EQ(results.next_for(std::chrono::hours(1)), 40);
    EXPECT_EQ(results.next(), std::nullopt);
    EXPECT_EQ(results.next(), std::nullopt);
  }
  EXPECT_THROW((void)pool.imap([](int n) { return n; }, numbers(2), 0), ValueError);
}

TEST(ThreadPool, ImapTakesAnEndlessInput) {
  ThreadPool pool(2);
  int sum = 0;
  for (int square : pool.imap([](int n) { return n * n; }, std::views::iota(1))) {
    sum += square;
    if (square == 100) break;
  }
  EXPECT_EQ(sum, 385);
}

TEST(ThreadPool, ImapSaysWhenAResultIsNotThereInTimeAndGivesItLater) {
  ThreadPool pool(1);
  Event go;
  auto results = pool.imap(
      [&](int n) {
        go.wait();
        return n;
      },
      numbers(2));
  EXPECT_THROW((void)results.next_for(milliseconds(1)), TimeoutError);
  go.set();
  EXPECT_EQ(results.next(), 0);
  EXPECT_EQ(results.next(), 1);
}

TEST(ThreadPool, ImapUnorderedGivesEachResultOnce) {
  ThreadPool pool(2);
  std::vector<int> seen(30);
  for (int n : pool.imap_unordered([](int n) { return n; }, numbers(30), 4)) {
    ++seen[static_cast<std::size_t>(n)];
  }
  EXPECT_EQ(seen, std::vector<int>(30, 1));
}

TEST(ThreadPool, AnInputThatThrowsEndsTheResultsAfterTheGoodItems) {
  ThreadPool pool(2);
  const auto inputs = std::views::iota(0, 5) | std::views::transform([](int n) {
                        if (n == 3) throw std::out_of_range("of the input");
                        return n;
                      });
  auto results = pool.imap_unordered([](int n) { return n; }, inputs);
  int sum = 0;
  for (int i = 0; i < 3; ++i) sum += *results.next();
  EXPECT_EQ(sum, 3);
  EXPECT_THROW((void)results.next(), std::out_of_range);
  EXPECT_EQ(results.next(), std::nullopt);
}

TEST(ThreadPool, TerminateCancelsWhatHasNotBegunAndStopsWhatRuns) {
  ThreadPool pool(1);
  Event begun;
  const auto running = pool.submit([&](const std::stop_token& stop) {
    begun.set();
    Event never;
    return never.wait(stop);
  });
  const auto waiting = pool.submit([] { return 1; });
  const auto mapped = pool.map_async([](int n) { return n; }, numbers(3));
  begun.wait();
  pool.terminate();
  EXPECT_FALSE(running.result()) << "the stop ended its wait";
  EXPECT_TRUE(waiting.cancelled());
  EXPECT_THROW((void)waiting.result(), CancelledError);
  EXPECT_THROW((void)mapped.get(), CancelledError);
  EXPECT_THROW((void)pool.submit([] {}), RuntimeError);
  pool.join();
}

TEST(ThreadPool, AFutureStopsItsOwnTaskOnly) {
  ThreadPool pool(1);
  Event begun;
  auto running = pool.submit(
      [&](const std::stop_token& stop, int value) {
        begun.set();
        Event never;
        (void)never.wait(stop);
        return value;
      },
      5);
  begun.wait();
  auto other = pool.submit([](const std::stop_token& stop) { return stop.stop_requested(); });
  EXPECT_TRUE(running.request_stop());
  EXPECT_EQ(running.result(), 5);
  EXPECT_FALSE(other.result());
  EXPECT_FALSE(pool.submit([] {}).request_stop()) << "it takes no token";
}

TEST(ThreadPool, EachWorkerCallsTheInitializerFirst) {
  std::atomic<int> initialised{0};
  thread_local bool ready = false;
  ThreadPool pool({.workers = 2, .initializer = [&] {
                     ready = true;
                     ++initialised;
                   }});
  for (const bool was_ready : pool.map([](int) { return ready; }, numbers(20), 1)) {
    EXPECT_TRUE(was_ready);
  }
  pool.close();
  pool.join();
  EXPECT_EQ(initialised, 2);
}

TEST(ThreadPool, IsBrokenWhenAnInitializerFails) {
  auto before = set_stray_exception_hook([](const char*, const std::exception_ptr&) {});
  {
    Event fail;
    ThreadPool pool({.workers = 2, .initializer = [&] {
                       fail.wait();
                       throw std::runtime_error("no");
                     }});
    const auto waiting = pool.submit([] { return 1; });
    fail.set();
    EXPECT_THROW((void)waiting.result(), CancelledError);
    EXPECT_THROW((void)pool.submit([] {}), BrokenThreadPool);
  }
  (void)set_stray_exception_hook(std::move(before));
}

TEST(ThreadPool, MapAsyncRunsEveryItemOnceWhenClosedAtOnce) {
  check([](weft::Run& run) {
    std::vector<std::atomic<int>> calls(4);
    ThreadPool pool(2);
    const auto result =
        pool.map_async([&](int n) { ++calls[static_cast<std::size_t>(n)]; }, numbers(4), 1);
    pool.close();
    pool.join();
    run.require(result.ready() && result.successful(), "it is through when the pool is");
    for (const auto& count : calls) run.require(count == 1, "each item once");
  });
}

TEST(ThreadPool, MapCallsEachElementOnceHereOrInAWorker) {
  check([](weft::Run& run) {
    std::vector<std::atomic<int>> calls(3);
    ThreadPool pool(2);
    const auto results = pool.map(
        [&](int n) {
          ++calls[static_cast<std::size_t>(n)];
          return n;
        },
        numbers(3), 1);
    run.require(results == numbers(3), "the results in order");
    for (const auto& count : calls) run.require(count == 1, "each element once");
  });
}

TEST(ThreadPool, MapHasItsResultWhateverTerminatesThePool) {
  check([](weft::Run& run) {
    ThreadPool pool(1);
    run.thread([&] {
      try {
        run.require(pool.map([](int n) { return n; }, numbers(3), 1) == numbers(3), "the results");
      } catch (const CancelledError&) {
      } catch (const RuntimeError&) {
      }
    });
    run.thread([&] { pool.terminate(); });
    run.join();
    pool.join();
  });
}

TEST(ThreadPool, WhatTerminateMeetsRunsOrIsCancelled) {
  check([](weft::Run& run) {
    ThreadPool pool(1);
    std::atomic<int> runs{0};
    const auto first = pool.submit([&] { ++runs; });
    const auto second = pool.submit([&] { ++runs; });
    run.thread([&] { pool.terminate(); });
    first.wait();
    second.wait();
    run.join();
    pool.join();
    const int cancelled = (first.cancelled() ? 1 : 0) + (second.cancelled() ? 1 : 0);
    run.require(runs + cancelled == 2, "each one or the other");
  });
}

}  // namespace
}  // namespace weft
