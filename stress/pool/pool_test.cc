// What submit(), map(), close() and join() of the thread pool do, alone and among many threads.
#include <gtest/gtest.h>
#include <sched.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <iterator>
#include <limits>
#include <memory>
#include <mutex>
#include <numeric>
#include <optional>
#include <ranges>
#include <stdexcept>
#include <string>
#include <system_error>
#include <vector>

#include "primitives/base/errors.h"
#include "primitives/pool/future.h"
#include "primitives/pool/thread_pool.h"
#include "primitives/threading/event.h"
#include "primitives/threading/thread.h"
#include "stress/base/on_one_processor.h"
#include "stress/check.h"
#include "stress/pool/thread_supply.h"
#include "stress/run/build_mode.h"

namespace weft {
namespace {

using std::chrono::milliseconds;
using testing_processors::OnOneProcessor;

std::vector<int> numbers(int count) {
  std::vector<int> numbers(static_cast<std::size_t>(count));
  std::iota(numbers.begin(), numbers.end(), 0);
  return numbers;
}

TEST(ThreadPool, RunsWhatIsSubmittedAndGivesTheResult) {
  ThreadPool pool(2);
  EXPECT_EQ(pool.workers(), 2u);
  EXPECT_EQ(pool.submit([](int a, int b) { return a + b; }, 2, 3).result(), 5);
  std::string text;
  (void)pool.submit([](std::string& out) { out = "by reference"; }, std::ref(text)).result();
  EXPECT_EQ(text, "by reference");
}

TEST(ThreadPool, TakesFunctionsAndArgumentsThatCannotBeCopied) {
  ThreadPool pool(1);
  auto future =
      pool.submit([held = std::make_unique<int>(2)](
                      std::unique_ptr<int> given) { return std::make_unique<int>(*held * *given); },
                  std::make_unique<int>(21));
  EXPECT_EQ(*future.take(), 42);
}

TEST(ThreadPool, KeepsTheAlignmentOfFunctionsAndResults) {
  struct alignas(128) Wide {
    char bytes[128] = {};
  };
  const auto is_aligned = [](const Wide& wide) {
    auto address = reinterpret_cast<std::uintptr_t>(&wide);
    asm volatile("" : "+r"(address));  // or the compiler knows the answer from the type
    return address % alignof(Wide) == 0;
  };
  ThreadPool pool(2);
  std::vector<Future<Wide>> futures;
  for (int i = 0; i < 20; ++i) {
    EXPECT_TRUE(pool.submit(is_aligned, Wide{}).result());
    futures.push_back(pool.submit([] { return Wide{}; }));
    EXPECT_TRUE(is_aligned(futures.back().result()));
  }
}

// The futures' memory is given back by threads that did not allocate it, and used anew.
TEST(ThreadPool, FuturesThatOthersDropLeaveTheirMemoryInOrder) {
  check([](weft::Run& run) {
    const int count = kExplored ? 2 : 200;
    ThreadPool pool(1);
    std::vector<Future<int>> mine;
    for (int i = 0; i < count; ++i) mine.push_back(pool.submit([i] { return i; }));
    run.thread([&run, &pool, futures = std::move(mine)]() mutable {
      for (int i = 0; auto& future : futures) run.require(future.result() == i++, "its own result");
      futures.clear();
      for (int i = 0; i < (kExplored ? 1 : 40); ++i) {
        auto future = pool.submit([i] { return -i; });
        run.require(future.result() == -i, "a result of its own");
      }
    });
    for (int i = 0; i < count; ++i) {
      const auto result = pool.submit([i] { return 2 * i; });
      run.require(result.result() == 2 * i, "its own result");
    }
    run.join();
  });
}

TEST(ThreadPool, NeedsAWorker) { EXPECT_THROW(ThreadPool(0), ValueError); }

TEST(ThreadPool, HasAsManyWorkersAsItsMakerHasProcessors) {
  cpu_set_t mine;
  ASSERT_EQ(sched_getaffinity(0, sizeof mine, &mine), 0);
  EXPECT_EQ(ThreadPool().workers(), static_cast<std::size_t>(CPU_COUNT(&mine)));
  const OnOneProcessor here;
  EXPECT_EQ(ThreadPool().workers(), 1u);
}

TEST(ThreadPool, OneWorkerKeepsTheOrderOfSubmission) {
  std::vector<int> order;
  {
    ThreadPool pool(1);
    for (int i = 0; i < 50; ++i) (void)pool.submit([&order, i] { order.push_back(i); });
  }
  EXPECT_EQ(order, numbers(50));
}

// TP8
TEST(ThreadPool, RunsEachTaskExactlyOnce) {
  check([](weft::Run& run) {
    constexpr int kTasks = 20;
    std::vector<std::atomic<int>> runs(2 * kTasks);
    {
      ThreadPool pool(3);
      for (int submitter = 0; submitter < 2; ++submitter) {
        run.thread([&, submitter] {
          for (int i = 0; i < kTasks; ++i) {
            (void)pool.submit(
                [&, n = submitter * kTasks + i] { ++runs[static_cast<std::size_t>(n)]; });
          }
        });
      }
      run.join();
    }
    for (const auto& count : runs) run.require(count == 1, "a task runs once");
  });
}

// TP5: one task at a time, the worker asleep in between.
TEST(ThreadPool, WakesAWorkerForEveryTask) {
  check([](weft::Run& run) {
    ThreadPool pool(2);
    for (int i = 0; i < 10; ++i) {
      run.require(pool.submit([i] { return i; }).result() == i, "each task is done");
    }
  });
}

TEST(ThreadPool, MapKeepsTheOrderOfTheInput) {
  ThreadPool pool(3);
  const auto squares = pool.map([](int n) { return n * n; }, numbers(40));
  ASSERT_EQ(squares.size(), 40u);
  for (int i = 0; i < 40; ++i) EXPECT_EQ(squares[static_cast<std::size_t>(i)], i * i);
  EXPECT_TRUE(pool.map([](int n) { return n; }, std::vector<int>()).empty());
}

TEST(ThreadPool, MapOfAFunctionWithoutResultCallsItForEach) {
  ThreadPool pool(2);
  std::atomic<int> sum{0};
  pool.map([&](int n) { sum += n; }, numbers(10));
  EXPECT_EQ(sum, 45);
}

TEST(ThreadPool, MapThrowsTheFirstFailureInTheOrderOfTheInputWhenAllCallsAreDone) {
  ThreadPool pool(2);
  std::atomic<int> calls{0};
  const auto fail_from_three = [&](int n) {
    ++calls;
    if (n >= 3) throw std::out_of_range(std::to_string(n));
    return n;
  };
  try {
    (void)pool.map(fail_from_three, numbers(10));
    FAIL() << "map did not throw";
  } catch (const std::out_of_range& error) {
    EXPECT_STREQ(error.what(), "3");
  }
  EXPECT_EQ(calls, 10);
}

TEST(ThreadPool, MapMovesItsInputs) {
  ThreadPool pool(2);
  std::vector<std::unique_ptr<int>> inputs;
  for (int i = 0; i < 3; ++i) inputs.push_back(std::make_unique<int>(i));
  const auto out = pool.map([](std::unique_ptr<int> p) { return *p + 1; },
                            std::ranges::subrange(std::make_move_iterator(inputs.begin()),
                                                  std::make_move_iterator(inputs.end())));
  EXPECT_EQ(out, (std::vector<int>{1, 2, 3}));
}

struct Failure : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// TP6
TEST(ThreadPool, AFailureGoesToItsFutureAndTheWorkerLivesOn) {
  ThreadPool pool(1);
  const auto failing = pool.submit([]() -> int { throw Failure("of the task"); });
  const auto not_even_an_exception_type = pool.submit([] { throw 7; });
  const auto next = pool.submit([] { return 1; });
  EXPECT_THROW((void)failing.result(), Failure);
  EXPECT_THROW((void)failing.result(), Failure) << "each time";
  EXPECT_THROW((void)not_even_an_exception_type.result(), int);
  EXPECT_NE(failing.exception(), nullptr);
  EXPECT_EQ(next.result(), 1);
  EXPECT_EQ(next.exception(), nullptr);
}

struct ThrowsWhenCopied {
  ThrowsWhenCopied() = default;
  ThrowsWhenCopied(const ThrowsWhenCopied&) { throw Failure("of the copy"); }
  int operator()() const { return 1; }
};

// TP6
TEST(ThreadPool, AFailureToCopyTheTaskGoesToTheSubmitterAndNothingIsSubmitted) {
  ThreadPool pool(1);
  const ThrowsWhenCopied task;
  EXPECT_THROW((void)pool.submit(task), Failure);
  EXPECT_EQ(pool.submit([] { return 2; }).result(), 2);
}

struct ThrowsWhenMoved {
  ThrowsWhenMoved() = default;
  ThrowsWhenMoved(ThrowsWhenMoved&&) { throw Failure("of the move"); }
};

// TP6
TEST(ThreadPool, AFailureToMoveTheResultGoesToTheFuture) {
  ThreadPool pool(1);
  const auto future = pool.submit([] { return ThrowsWhenMoved(); });
  EXPECT_THROW((void)future.result(), Failure);
  EXPECT_EQ(pool.submit([] { return 2; }).result(), 2);
}

TEST(ThreadPool, DropsATaskAsSoonAsItIsDone) {
  ThreadPool pool(1);
  const auto held = std::make_shared<int>(1);
  (void)pool.submit([held] { return *held; }).result();
  pool.submit([] {}).wait();  // the worker is past the first
  EXPECT_EQ(held.use_count(), 1);
}

TEST(ThreadPool, AfterCloseRefusesTasksAndStillRunsThoseSubmitted) {
  ThreadPool pool(1);
  Event go;
  std::atomic<int> runs{0};
  (void)pool.submit([&] { go.wait(); });
  for (int i = 0; i < 5; ++i) (void)pool.submit([&] { ++runs; });
  pool.close();
  pool.close();
  EXPECT_THROW((void)pool.submit([] {}), RuntimeError);
  EXPECT_THROW((void)pool.map([](int n) { return n; }, numbers(2)), RuntimeError);
  go.set();
  pool.join();
  EXPECT_EQ(runs, 5);
  pool.join();
}

TEST(ThreadPool, JoinNeedsCloseFirst) {
  ThreadPool pool(1);
  EXPECT_THROW(pool.join(), ValueError);
  EXPECT_EQ(pool.submit([] { return 1; }).result(), 1);
}

TEST(ThreadPool, AWorkerCannotJoinItsPool) {
  ThreadPool pool(1);
  Event closed;
  const auto future = pool.submit([&] {
    closed.wait();
    pool.join();
  });
  pool.close();
  closed.set();
  EXPECT_THROW((void)future.result(), RuntimeError);
}

// TP4
TEST(ThreadPool, JoinLetsEveryCallerGo) {
  check([](weft::Run& run) {
    ThreadPool pool(2);
    std::atomic<int> runs{0};
    for (int i = 0; i < 4; ++i) (void)pool.submit([&] { ++runs; });
    pool.close();
    for (int i = 0; i < 3; ++i) {
      run.thread([&] {
        pool.join();
        run.require(runs == 4, "join returns when all tasks are done");
      });
    }
    run.join();
  });
}

// TP3
TEST(ThreadPool, ATaskSubmittedWhileItClosesRunsOrIsRefused) {
  check([](weft::Run& run) {
    ThreadPool pool(2);
    std::atomic<int> accepted{0};
    std::atomic<int> runs{0};
    // The explorer may put off the closing as long as there is anything else to do.
    constexpr int kMost = kExplored ? 5 : std::numeric_limits<int>::max();
    for (int i = 0; i < 2; ++i) {
      run.thread([&] {
        try {
          for (int n = 0; n < kMost; ++n) {
            (void)pool.submit([&] { ++runs; });
            ++accepted;
          }
        } catch (const RuntimeError&) {
        }
      });
    }
    run.thread([&] { pool.close(); });
    run.join();
    pool.join();
    run.require(runs == accepted, "what was accepted runs");
  });
}

// TP9
TEST(ThreadPool, RunsATaskWhoseFutureIsDropped) {
  check([](weft::Run& run) {
    std::atomic<int> runs{0};
    {
      ThreadPool pool(2);
      for (int i = 0; i < 4; ++i) (void)pool.submit([&] { ++runs; });
    }
    run.require(runs == 4, "the destructor waits for all");
  });
}

// TP3
TEST(ThreadPool, EndsTheProgramWhenATaskDestroysIt) {
  expect_violation(Kind::kCrash, [](weft::Run&) {
    auto pool = std::make_unique<ThreadPool>(1);
    pool->submit([&pool] { pool.reset(); }).wait();
  });
}

// LK18
TEST(ThreadPool, EndsTheWorkersItHasIfTheSystemHasNoMoreThreads) {
  if (kExplored) GTEST_SKIP() << "pthread_create() is the explorer's, which has threads for all";
  const std::size_t before = Thread::active_count();
  for (int granted = 0; granted < 3; ++granted) {
    const testing_pool::LimitedThreads limit(granted);
    EXPECT_THROW(ThreadPool(3), std::system_error);
    EXPECT_EQ(limit.refused(), 1);
    EXPECT_EQ(Thread::active_count(), before) << "after " << granted << " workers";
  }
  EXPECT_EQ(ThreadPool(3).submit([] { return 1; }).result(), 1);
}

}  // namespace
}  // namespace weft
