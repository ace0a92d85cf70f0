// Executions in which the threads do the same are the same to the explorer: what a primitive of
// Weft keeps about its threads is no news.
#include <gtest/gtest.h>

#include <cstdint>
#include <mutex>
#include <thread>

#include "primitives/base/thread_serial.h"
#include "primitives/threading/condition.h"
#include "primitives/threading/rlock.h"
#include "stress/run/search.h"

namespace weft {
namespace {

Report random_executions(const Body& body) {
  return search("alike", body, {.executions = 50, .strategy = "random_walk"});
}

Report all_executions(const Body& body) { return search("all", body, {.strategy = "exhaustive"}); }

TEST(AlikeExecutions, OfOneHolderOfAnRLockAreOneInterleaving) {
  const Report report = random_executions([](weft::Run& run) {
    RLock lock;
    run.thread([&] {
      const std::scoped_lock outer(lock);
      const std::scoped_lock inner(lock);
    });
    run.join();
  });
  EXPECT_EQ(report.executions, 50U);
  EXPECT_EQ(report.distinct, 1U);
}

TEST(AlikeExecutions, OfAConditionWithALockOfItsOwnAreOneInterleaving) {
  const Report report = random_executions([](weft::Run& run) {
    Condition changed;
    run.thread([&] {
      const std::scoped_lock hold(changed);
      changed.notify();
    });
    run.join();
  });
  EXPECT_EQ(report.executions, 50U);
  EXPECT_EQ(report.distinct, 1U);
}

// Neither knows of the other, so there is nothing of which the order could matter.
TEST(AlikeExecutions, OfThreadsThatNumberThemselvesHaveOneOrder) {
  const Report report = all_executions([](weft::Run& run) {
    for (int i = 0; i < 2; ++i) run.thread([] { (void)internal::this_thread_serial(); });
    run.join();
  });
  EXPECT_EQ(report.verdict, Verdict::kHolds);
  EXPECT_EQ(report.executions, 1U);
}

// The explorer numbers the threads of an execution, and the process all others. Both are asked for
// in turn: no number is another thread's.
TEST(AlikeExecutions, GiveNoThreadTheNumberOfOneOutside) {
  const std::uint64_t outside = internal::this_thread_serial();
  std::uint64_t body = internal::kNoThread;
  std::uint64_t thread = internal::kNoThread;
  const Report report = search("numbers", [&](weft::Run& run) {
    body = internal::this_thread_serial();
    run.thread([&] { thread = internal::this_thread_serial(); });
    run.join();
    run.require(internal::this_thread_serial() == body, "a thread keeps its number");
  });
  EXPECT_FALSE(report.violation) << report.violation->text;
  EXPECT_EQ(internal::this_thread_serial(), outside);
  EXPECT_NE(body, thread);
  std::uint64_t other = internal::kNoThread;
  std::thread([&] { other = internal::this_thread_serial(); }).join();
  for (const std::uint64_t explored : {body, thread}) {
    EXPECT_NE(explored, internal::kNoThread);
    EXPECT_NE(explored, outside);
    EXPECT_NE(explored, other);
  }
}

}  // namespace
}  // namespace weft
