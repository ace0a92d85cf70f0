// What wait() and as_completed() of many futures do.
#include "primitives/pool/futures.h"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <stdexcept>
#include <stop_token>
#include <vector>

#include "primitives/base/errors.h"
#include "stress/check.h"

namespace weft {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

struct Three {
  std::vector<Promise<int>> promises{3};
  std::vector<Future<int>> futures = [this] {
    std::vector<Future<int>> made;
    for (const auto& promise : promises) made.push_back(promise.future());
    return made;
  }();
  void fail(std::size_t i) {
    promises[i].set_exception(std::make_exception_ptr(std::runtime_error("of a task")));
  }
};

std::vector<int> results(const std::vector<Future<int>>& futures) {
  std::vector<int> results;
  for (const auto& future : futures) results.push_back(future.result());
  return results;
}

TEST(WaitForFutures, GivesThoseDoneAndThoseNot) {
  Three three;
  three.promises[1].set_result(1);
  const auto first = wait(three.futures, ReturnWhen::kFirstCompleted);
  EXPECT_EQ(results(first.done), std::vector<int>{1});
  EXPECT_EQ(first.not_done, (std::vector{three.futures[0], three.futures[2]}));

  const auto timed = wait_for(three.futures, milliseconds(0));
  EXPECT_EQ(timed.done.size(), 1u);
  EXPECT_EQ(timed.not_done.size(), 2u);
  EXPECT_EQ(wait_for(three.futures, milliseconds(1)).not_done.size(), 2u);

  three.promises[0].set_result(0);
  three.promises[2].set_result(2);
  EXPECT_EQ(results(wait(three.futures).done), (std::vector<int>{0, 1, 2}));
}

TEST(WaitForFutures, OfNoneReturnsAtOnce) {
  const auto waited = wait(std::vector<Future<int>>());
  EXPECT_TRUE(waited.done.empty());
  EXPECT_TRUE(waited.not_done.empty());
}

TEST(WaitForFutures, CountsOneThatStandsThereTwiceOnce) {
  Promise<int> promise;
  promise.set_result(1);
  const auto waited = wait(std::vector{promise.future(), promise.future()});
  EXPECT_EQ(waited.done.size(), 1u);
}

TEST(WaitForFutures, UntilTheFirstExceptionReturnsWhenOneFailsNotWhenOneIsCancelled) {
  Three three;
  (void)three.futures[0].cancel();
  (void)three.promises[0].set_running_or_notify_cancel();
  const auto until_failure = [&] {
    return wait_for(three.futures, milliseconds(0), ReturnWhen::kFirstException).done.size();
  };
  EXPECT_EQ(until_failure(), 1u) << "by the time-out";
  three.fail(1);
  const auto waited = wait(three.futures, ReturnWhen::kFirstException);
  EXPECT_EQ(waited.done.size(), 2u);
  EXPECT_EQ(waited.not_done, std::vector{three.futures[2]});
}

TEST(WaitForFutures, UntilTheFirstExceptionWaitsForAllWhenNoneFails) {
  check([](weft::Run& run) {
    Three three;
    for (std::size_t i = 0; i < 3; ++i) {
      run.thread([&, i] { three.promises[i].set_result(static_cast<int>(i)); });
    }
    run.thread([&] {
      run.require(wait(three.futures, ReturnWhen::kFirstException).done.size() == 3, "all");
    });
    run.join();
  });
}

TEST(WaitForFutures, DoesNotCountACancelledOneBeforeItsWorkerKnows) {
  Three three;
  for (std::size_t i : {0u, 1u}) three.promises[i].set_result(1);
  (void)three.futures[2].cancel();
  EXPECT_EQ(wait_for(three.futures, milliseconds(0)).not_done.size(), 1u);
  (void)three.promises[2].set_running_or_notify_cancel();
  EXPECT_EQ(wait(three.futures).done.size(), 3u);
}

TEST(WaitForFutures, CountsACancelledOneWhosePromiseIsGone) {
  auto promise = std::make_unique<Promise<int>>();
  Future<int> future = promise->future();
  (void)future.cancel();
  promise.reset();
  EXPECT_EQ(wait(std::vector{future}).done.size(), 1u);
}

TEST(WaitForFutures, EndsWhenTheWorkerLearnsOfTheCancel) {
  check([](weft::Run& run) {
    Promise<int> promise;
    Future<int> future = promise.future();
    (void)future.cancel();
    run.thread([&] { run.require(wait(std::vector{future}).done.size() == 1, "it is through"); });
    run.thread([&] { run.require(!promise.set_running_or_notify_cancel(), "cancelled"); });
    run.join();
  });
}

TEST(WaitForFutures, ReturnsWithTheFirstAndLetsGoOfTheOthers) {
  check([](weft::Run& run) {
    Three three;
    run.thread([&] {
      const auto waited = wait(three.futures, ReturnWhen::kFirstCompleted);
      run.require(!waited.done.empty(), "one is done");
    });
    for (std::size_t i = 0; i < 2; ++i) {
      run.thread([&, i] { three.promises[i].set_result(1); });
    }
    run.join();
  });
}

TEST(WaitForFutures, AStopRequestEndsTheWait) {
  check([](weft::Run& run) {
    Three three;
    std::stop_source source;
    run.thread([&] {
      run.require(wait(three.futures, source.get_token()).not_done.size() == 3, "none was done");
    });
    run.thread([&] { source.request_stop(); });
    run.join();
  });
}

TEST(AsCompleted, GivesThoseDoneFirst) {
  Three three;
  three.promises[2].set_result(2);
  auto completed = as_completed(three.futures);
  EXPECT_EQ(completed.next()->result(), 2);
  three.promises[0].set_result(0);
  EXPECT_EQ(completed.next()->result(), 0);
  three.fail(1);
  EXPECT_THROW((void)completed.next()->result(), std::runtime_error);
  EXPECT_FALSE(completed.next());
}

TEST(AsCompleted, CountsOneThatStandsThereTwiceOnce) {
  Promise<int> promise;
  promise.set_result(1);
  int given = 0;
  for (const auto& future : as_completed(std::vector{promise.future(), promise.future()})) {
    given += future.result();
  }
  EXPECT_EQ(given, 1);
}

TEST(AsCompleted, SaysHowManyAreUnfinishedWhenTheTimeIsOver) {
  Three three;
  three.promises[1].set_result(1);
  auto completed = as_completed(three.futures, milliseconds(0));
  EXPECT_EQ(completed.next()->result(), 1) << "what is done is given first";
  try {
    (void)completed.next();
    FAIL() << "there was no time-out";
  } catch (const TimeoutError& error) {
    EXPECT_STREQ(error.what(), "as_completed: 2 (of 3) futures unfinished");
  }
  three.promises[0].set_result(0);
  EXPECT_EQ(completed.next()->result(), 0) << "it can be asked again";
}

TEST(AsCompleted, DoesNotKeepWhatItHasGiven) {
  const auto held = std::make_shared<int>(1);
  Promise<std::shared_ptr<int>> promise;
  promise.set_result(held);
  auto completed = as_completed(std::vector{promise.future()});
  {
    const Promise<std::shared_ptr<int>> gone = std::move(promise);
  }
  (void)completed.next();
  EXPECT_EQ(held.use_count(), 1);
}

TEST(AsCompleted, GivesEachOnceHoweverTheyComplete) {
  check([](weft::Run& run) {
    Three three;
    run.thread([&] {
      int sum = 0;
      for (const auto& future : as_completed(three.futures)) sum += future.result();
      run.require(sum == 6, "each once");
    });
    run.thread([&] { three.promises[0].set_result(1); });
    run.thread([&] {
      three.promises[1].set_result(2);
      three.promises[2].set_result(3);
    });
    run.join();
  });
}

TEST(AsCompleted, MayBeLeftEarly) {
  check([](weft::Run& run) {
    Three three;
    run.thread([&] { (void)as_completed(three.futures).next(); });
    run.thread([&] {
      three.promises[0].set_result(1);
      three.promises[1].set_result(2);
    });
    run.join();
  });
}

}  // namespace
}  // namespace weft
