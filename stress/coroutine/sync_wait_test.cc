// sync_wait() in a worker: it does what the coroutine awaits, and nothing else.
#include "primitives/coroutine/sync_wait.h"

#include <gtest/gtest.h>

#include <atomic>
#include <coroutine>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <thread>
#include <vector>

#include "primitives/base/errors.h"
#include "primitives/coroutine/task.h"
#include "primitives/pool/await.h"
#include "primitives/pool/helped_wait.h"
#include "primitives/pool/thread_pool.h"
#include "primitives/pool/thread_pool_executor.h"
#include "primitives/threading/event.h"
#include "primitives/threading/lock.h"
#include "stress/check.h"
#include "stress/run/build_mode.h"

namespace weft {
namespace {

template <class Pool>
Task<int> from_the_pool(Pool& pool, int n) {
  co_return co_await pool.submit([n] { return n; });
}

// Awaits tasks, a future of theirs, and a turn in the pool.
template <class Pool>
Task<int> six(Pool& pool) {
  const int one = co_await from_the_pool(pool, 1);
  const int two = co_await resume_on(pool, pool.submit([] { return 2; }));
  const int three = co_await from_the_pool(pool, 3);
  co_return one + two + three;
}

// CO1: the function of a task ends before its result is there.
template <class Pool, class F, class... Args>
concept MaySubmit = requires(Pool& pool, F function, Args... args) {
  pool.submit(std::move(function), std::move(args)...);
};

TEST(SyncWait, OfWhatATaskHasMadeNeedsNothingOfTheTask) {
  int captured = 1;
  const auto makes = [captured]() -> Task<int> { co_return captured; };
  const auto takes = [](int given) -> Task<int> { co_return given; };
  const auto plain = [captured] { return captured; };
  static_assert(!MaySubmit<ThreadPool, decltype(makes)>);
  static_assert(!MaySubmit<ThreadPoolExecutor, decltype(makes)>);
  static_assert(MaySubmit<ThreadPool, decltype(takes), int>);
  static_assert(MaySubmit<ThreadPoolExecutor, decltype(takes), int>);
  static_assert(MaySubmit<ThreadPool, decltype(plain)>);
  ThreadPool pool(1);
  EXPECT_EQ(sync_wait(pool.submit(takes, 5).take()), 5);
  EXPECT_EQ(plain() + sync_wait(makes()), 2);
}

// CO5
TEST(SyncWait, OfWhatNeedsItsOwnPoolEndsInEverySchedule) {
  for (const std::size_t workers : {1u, 2u}) {
    check([workers](weft::Run& run) {
      ThreadPool pool(workers);
      const auto outer = pool.submit([&pool] { return sync_wait(six(pool)); });
      run.require(outer.result() == 6, "all were done");
    });
  }
}

TEST(SyncWait, OfWhatNeedsItsOwnExecutorEnds) {
  check([](weft::Run& run) {
    ThreadPoolExecutor executor(1);
    const auto outer = executor.submit([&executor] { return sync_wait(six(executor)); });
    run.require(outer.result() == 6, "all were done");
  });
}

int nested(ThreadPool& pool, int depth);
Task<int> nested_task(ThreadPool& pool, int depth) {
  if (depth == 0) co_return 0;
  co_return 1 + co_await pool.submit(nested, std::ref(pool), depth - 1);
}
int nested(ThreadPool& pool, int depth) { return sync_wait(nested_task(pool, depth)); }

TEST(SyncWait, NestsToAnyDepth) {
  for (const std::size_t workers : {1u, 2u}) {
    ThreadPool pool(workers);
    EXPECT_EQ(pool.submit(nested, std::ref(pool), 64).result(), 64) << workers;
  }
}

// Whoever completes the child goes on with both coroutines, though he may wait for only one.
TEST(SyncWait, OfTwoWorkersEndsThoughOneGoesOnWithTheOthersCoroutine) {
  check([](weft::Run& run) {
    ThreadPool pool(2);
    const auto child = pool.submit([] { return 1; });
    const auto task = [](ThreadPool& pool, Future<int> child) -> Task<int> {
      const int one = co_await child;
      co_return one + co_await pool.submit([] { return 1; });
    };
    const auto wait = [&] { return sync_wait(task(pool, child)); };
    const auto first = pool.submit(wait);
    const auto second = pool.submit(wait);
    run.require(first.result() + second.result() == 4, "both have it");
  });
}

// TP2: with any other task this would need its own lock.
TEST(SyncWait, DoesNothingThatTheCoroutineDoesNotAwait) {
  check([](weft::Run& run) {
    Lock lock;
    ThreadPool pool(1);
    const auto outer = pool.submit([&] {
      const auto needs_lock = pool.submit([&lock] { std::scoped_lock hold(lock); });
      std::scoped_lock hold(lock);
      return sync_wait(six(pool));
    });
    run.require(outer.result() == 6, "what was awaited was done");
  });
}

TEST(SyncWait, LeavesWhatIsAnotherPoolsToThatPool) {
  ThreadPool pool(1);
  ThreadPool other(1);
  const auto where = [](ThreadPool& pool) -> Task<std::thread::id> {
    co_return co_await resume_on(pool, pool.submit([] { return std::this_thread::get_id(); }));
  };
  const std::thread::id worker = pool.apply([] { return std::this_thread::get_id(); });
  for (int i = 0; i < 100; ++i) {
    ASSERT_EQ(other.apply([&] { return sync_wait(where(pool)); }), worker);
  }
}

// The worker that waits is the one of the pool in which the coroutine is to go on.
TEST(SyncWait, GoesOnInTheWorkerThatWaits) {
  ThreadPool pool(1);
  const auto where = [](ThreadPool& pool) -> Task<std::thread::id> {
    co_await resume_on(pool, pool.submit([] {}));
    co_return std::this_thread::get_id();
  };
  const std::thread::id worker = pool.apply([] { return std::this_thread::get_id(); });
  EXPECT_EQ(pool.apply([&] { return sync_wait(where(pool)); }), worker);
}

TEST(SyncWait, InAWorkerEndsWhenAnotherThreadCompletesWhatIsAwaited) {
  check([](weft::Run& run) {
    Promise<int> promise;
    ThreadPool pool(1);
    int work = 0;  // not atomic: the promise and sync_wait() alone order the threads
    const auto task = [](ThreadPool& pool, Future<int> future, int& work) -> Task<int> {
      const int one = co_await future;
      ++work;
      co_await resume_on(pool, pool.submit([] {}));
      co_return one + work;
    };
    const auto outer = pool.submit([&] {
      const int sum = sync_wait(task(pool, promise.future(), work));
      run.require(work == 2, "the work is seen");
      return sum;
    });
    run.thread([&] {
      ++work;
      promise.set_result(1);
    });
    run.join();
    run.require(outer.result() == 3, "the result");
  });
}

// CO3: one thread may be about to suspend the coroutine while another one ends it, and the worker
// that waited destroys its frames.
TEST(SyncWait, InAWorkerEndsThoughTheCoroutineGoesFromThreadToThread) {
  check([](weft::Run& run) {
    Promise<int> first;
    Promise<int> second;
    ThreadPool pool(1);
    const auto task = [](Future<int> first, Future<int> second) -> Task<int> {
      const int one = co_await first;
      co_return one + co_await second;
    };
    const auto outer =
        pool.submit([&] { return sync_wait(task(first.future(), second.future())); });
    run.thread([&] { first.set_result(1); });
    run.thread([&] { second.set_result(2); });
    run.join();
    run.require(outer.result() == 3, "the result");
  });
}

// As sync_wait()'s outermost frame, but nobody waits for it: the wait ends with the coroutine, in
// the thread that goes on with it.
struct Unattended {
  struct promise_type {
    internal::HelpedWait wait;
    internal::HelpedWait* helped_wait() { return &wait; }
    Unattended get_return_object() const noexcept { return {}; }
    std::suspend_never initial_suspend() const noexcept { return {}; }
    std::suspend_never final_suspend() const noexcept { return {}; }
    void return_void() { wait.end(); }
    void unhandled_exception() const noexcept { std::terminate(); }  // the body throws nothing
  };
};
Unattended awaits(Future<int> future) { (void)co_await future; }

// The wait is told what the coroutine awaits before anybody can resume it from there: later the
// coroutine may have ended in another thread, and the wait be gone.
TEST(SyncWait, IsToldNothingOnceTheCoroutineMayHaveEnded) {
  check([](weft::Run& run) {
    Promise<int> promise;
    run.thread([&] { awaits(promise.future()); });
    run.thread([&] { promise.set_result(1); });
    run.join();
  });
}

TEST(SyncWait, GivesTheExceptionOfWhatItHasDone) {
  ThreadPool pool(1);
  const auto task = [](ThreadPool& pool) -> Task<> {
    co_await pool.submit([] { throw std::out_of_range("of the task"); });
  };
  EXPECT_THROW(pool.apply([&] { sync_wait(task(pool)); }), std::out_of_range);
}

// CO6
TEST(SyncWait, AFailureLeavesThePoolsScopeWhenItsTasksHaveEnded) {
  check([](weft::Run& run) {
    int ended = 0;  // not atomic: the end of the pool orders the threads
    const auto fails = [](ThreadPool& pool, int& ended) -> Task<> {
      (void)pool.submit([&ended] { ++ended; });
      co_await pool.submit([] { throw std::out_of_range("of the task"); });
    };
    bool failed = false;
    try {
      ThreadPool pool(1);
      (void)pool.submit([&ended] { ++ended; });
      sync_wait(fails(pool, ended));
    } catch (const std::out_of_range&) {
      failed = true;
    }
    run.require(failed && ended == 2, "its tasks have ended");
  });
}

TEST(SyncWait, EndsWhateverTheTerminationMeets) {
  check([](weft::Run& run) {
    Promise<int> promise;
    ThreadPool pool(1);
    const auto task = [](ThreadPool& pool, Future<int> future) -> Task<int> {
      co_return co_await resume_on(pool, future);
    };
    run.thread("waits",
               [&] { run.require(sync_wait(task(pool, promise.future())) == 1, "the result"); });
    run.thread("completes", [&] { promise.set_result(1); });
    run.thread("terminates", [&] { pool.terminate(); });
    run.join();
  });
}

}  // namespace
}  // namespace weft
