// What co_await of a future does.
#include "primitives/pool/await.h"

#include <gtest/gtest.h>

#include <atomic>
#include <coroutine>
#include <exception>
#include <memory>
#include <stdexcept>
#include <thread>
#include <utility>

#include "primitives/base/errors.h"
#include "primitives/pool/thread_pool.h"
#include "primitives/threading/event.h"
#include "stress/check.h"

namespace weft {
namespace {

// A coroutine that begins at once and whose end is a future.
template <class T>
struct Eager {
  struct promise_type {
    Promise<T> outcome;
    Eager get_return_object() { return {outcome.future()}; }
    std::suspend_never initial_suspend() noexcept { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_value(T value) { outcome.set_result(std::move(value)); }
    void unhandled_exception() { outcome.set_exception(std::current_exception()); }
  };
  Future<T> future;
};

Eager<int> plus_one(Future<int> future) { co_return co_await future + 1; }
Eager<int> taken(Future<std::unique_ptr<int>> future) {
  const std::unique_ptr<int> value = co_await std::move(future);
  co_return *value;
}

TEST(Await, GivesTheValueNowOrLater) {
  Promise<int> promise;
  const Eager<int> early = plus_one(promise.future());
  EXPECT_FALSE(early.future.done());
  promise.set_result(1);
  EXPECT_EQ(early.future.result(), 2);
  EXPECT_EQ(plus_one(promise.future()).future.result(), 2);
}

TEST(Await, MovesTheValueOutOfATemporary) {
  Promise<std::unique_ptr<int>> promise;
  const Eager<int> coroutine = taken(promise.future());
  promise.set_result(std::make_unique<int>(7));
  EXPECT_EQ(coroutine.future.result(), 7);
}

TEST(Await, ThrowsWhatTheWorkThrewAndThatItWasCancelled) {
  Promise<int> failing;
  const Eager<int> failed = plus_one(failing.future());
  failing.set_exception(std::make_exception_ptr(std::out_of_range("of the task")));
  EXPECT_THROW((void)failed.future.result(), std::out_of_range);

  Promise<int> promise;
  const Eager<int> cancelled = plus_one(promise.future());
  EXPECT_TRUE(promise.future().cancel());
  EXPECT_THROW((void)cancelled.future.result(), CancelledError);
}

Eager<std::thread::id> where(Future<int> future) {
  (void)co_await future;
  co_return std::this_thread::get_id();
}

TEST(Await, GoesOnInTheThreadThatCompletes) {
  Promise<int> promise;
  const Eager<std::thread::id> coroutine = where(promise.future());
  std::thread::id completing;
  std::thread([&] {
    completing = std::this_thread::get_id();
    promise.set_result(1);
  }).join();
  EXPECT_EQ(coroutine.future.result(), completing);
}

Eager<std::thread::id> where_on(ThreadPool& pool, Future<int> future) {
  (void)co_await resume_on(pool, future);
  co_return std::this_thread::get_id();
}

TEST(Await, GoesOnInAWorkerOfAGivenPool) {
  ThreadPool pool(1);
  const std::thread::id worker = pool.apply([] { return std::this_thread::get_id(); });
  Promise<int> promise;
  const Eager<std::thread::id> coroutine = where_on(pool, promise.future());
  promise.set_result(1);
  EXPECT_EQ(coroutine.future.result(), worker);
}

TEST(Await, GoesOnWhereItIsCompletedWhenTheGivenPoolIsClosed) {
  ThreadPool pool(1);
  Promise<int> promise;
  const Eager<std::thread::id> coroutine = where_on(pool, promise.future());
  pool.close();
  promise.set_result(1);
  EXPECT_EQ(coroutine.future.result(), std::this_thread::get_id());
}

TEST(Await, GoesOnWhereItIsDroppedWhenTheGivenPoolIsTerminated) {
  Event begun;
  Event go;
  ThreadPool pool(1);
  (void)pool.submit([&] {
    begun.set();
    go.wait();
  });
  begun.wait();
  Promise<int> promise;
  const Eager<std::thread::id> coroutine = where_on(pool, promise.future());
  promise.set_result(1);
  EXPECT_FALSE(coroutine.future.done()) << "the worker is busy";
  pool.terminate();
  EXPECT_TRUE(coroutine.future.done());
  EXPECT_EQ(coroutine.future.result(), std::this_thread::get_id());
  go.set();
}

// A coroutine that begins at once and ends when it is dropped, if not before.
struct Owned {
  struct promise_type {
    Owned get_return_object() {
      return Owned(std::coroutine_handle<promise_type>::from_promise(*this));
    }
    std::suspend_never initial_suspend() noexcept { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() { std::terminate(); }
  };
  explicit Owned(std::coroutine_handle<promise_type> frame) : frame(frame) {}
  Owned(const Owned&) = delete;
  Owned& operator=(const Owned&) = delete;
  ~Owned() { frame.destroy(); }
  const std::coroutine_handle<promise_type> frame;
};

Owned adds(Future<int> future, int& sum) { sum += co_await future; }

// TP9, CO6
TEST(Await, ACoroutineThatIsDroppedWhileItWaitsIsNotResumed) {
  Promise<int> promise;
  int sum = 0;
  const Owned before = adds(promise.future(), sum);
  {
    const Owned dropped = adds(promise.future(), sum);
  }
  const Owned after = adds(promise.future(), sum);
  promise.set_result(1);
  EXPECT_EQ(sum, 2) << "the others are";
  {
    const Owned ended = adds(promise.future(), sum);
  }
  EXPECT_EQ(sum, 3) << "it did not wait";
}

// CO3: both frames are gone when they have gone on, while the first one's end is told.
TEST(Await, MayDestroyItsFrameAsItGoesOn) {
  for (const bool cancels : {false, true}) {
    Promise<int> promise;
    const Eager<int> first = plus_one(promise.future());
    const Eager<int> second = plus_one(promise.future());
    if (cancels) {
      EXPECT_TRUE(promise.future().cancel());
      EXPECT_THROW((void)first.future.result(), CancelledError);
      EXPECT_THROW((void)second.future.result(), CancelledError);
    } else {
      promise.set_result(1);
      EXPECT_EQ(first.future.result() + second.future.result(), 4);
    }
  }
}

// CO3: the frame may be gone in another thread before await_suspend() has returned.
TEST(Await, MayGoOnAndEndInAnotherThreadBeforeItIsSuspended) {
  check([](weft::Run& run) {
    ThreadPool pool(1);
    int sum = 0;  // not atomic: the futures alone order the threads
    Promise<int> promise;
    run.thread("completes", [&] {
      sum = 1;
      promise.set_result(1);
    });
    run.thread("waits", [&] {
      const Eager<std::thread::id> coroutine = where_on(pool, promise.future());
      coroutine.future.wait();
      run.require(sum == 1, "what was done before is visible");
    });
    run.join();
  });
}

TEST(Await, GoesOnOnceWhoeverIsFirst) {
  check([](weft::Run& run) {
    Promise<int> promise;
    std::atomic<int> sum{0};
    for (int i = 0; i < 2; ++i) {
      run.thread([&, future = promise.future()] {
        const Eager<int> coroutine = plus_one(future);
        sum += coroutine.future.result();
      });
    }
    run.thread([&] { promise.set_result(1); });
    run.join();
    run.require(sum == 4, "each coroutine goes on once");
  });
}

Eager<int> sum_of_two(ThreadPool& pool) {
  const int a = co_await pool.submit([] { return 1; });
  const int b = co_await resume_on(pool, pool.submit([] { return 2; }));
  co_return a + b;
}

TEST(Await, NeedsNoFreeWorkerWhileItWaits) {
  check([](weft::Run& run) {
    ThreadPool pool(1);
    run.require(sum_of_two(pool).future.result() == 3, "both came");
  });
}

}  // namespace
}  // namespace weft
