// ipc::Barrier among the threads of one process.
#include "primitives/ipc/barrier.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <stdexcept>
#include <thread>

#include "primitives/base/errors.h"
#include "stress/check.h"
#include "stress/threading/support.h"

namespace weft::ipc {
namespace {

using testing_threads::message_of;
using namespace std::chrono_literals;

TEST(IpcBarrier, RefusesAWrongNumberOfParties) {
  EXPECT_THROW(Barrier(0), ValueError);
  EXPECT_THROW(Barrier(Barrier::kMostParties + 1), ValueError);
  EXPECT_EQ(Barrier(3).parties(), 3U);
}

TEST(IpcBarrier, OfOneLetsItselfThrough) {
  int rounds = 0;
  Barrier barrier(1, [&] { ++rounds; });
  for (int i = 0; i < 10; ++i) EXPECT_EQ(barrier.wait(), 0U);
  EXPECT_EQ(rounds, 10);
}

TEST(IpcBarrier, ATimeoutBreaksItForAllUntilItIsReset) {
  Barrier barrier(2);
  EXPECT_EQ(message_of<BrokenBarrierError>([&] { (void)barrier.wait_for(1ms); }),
            "Barrier::wait: the barrier is broken");
  EXPECT_TRUE(barrier.broken());
  EXPECT_THROW((void)barrier.wait(), BrokenBarrierError);
  barrier.reset();
  EXPECT_FALSE(barrier.broken());
  EXPECT_EQ(barrier.n_waiting(), 0U);
  EXPECT_THROW((void)barrier.wait_for(0s), BrokenBarrierError);
  Barrier with_default(2, 1ms);
  EXPECT_THROW((void)with_default.wait(), BrokenBarrierError);
}

TEST(IpcBarrier, AFailedActionBreaksItAndPassesToItsThread) {
  Barrier barrier(1, [] { throw std::runtime_error("no"); });
  EXPECT_EQ(message_of<std::runtime_error>([&] { (void)barrier.wait(); }), "no");
  EXPECT_TRUE(barrier.broken());
  EXPECT_EQ(barrier.n_waiting(), 0U);
}

TEST(IpcBarrier, RoundsFollowEachOtherWithoutMixing) {
  check([](weft::Run& run) {
    constexpr std::size_t kParties = 3;
    int rounds = 0;  // touched by the action alone
    Barrier barrier(kParties, [&] { ++rounds; });
    std::atomic<int> seen[2] = {};
    for (std::size_t t = 0; t < kParties; ++t) {
      run.thread([&] {
        for (auto& sum : seen) sum += static_cast<int>(barrier.wait());
      });
    }
    run.join();
    run.require(rounds == 2, "the action ran once a round");
    run.require(seen[0] == 3 && seen[1] == 3, "the indices of each round are 0, 1 and 2");
  });
}

// More threads than parties: those of a round are still on their way out when others come in.
TEST(IpcBarrier, MayBeCrowded) {
  check([](weft::Run& run) {
    Barrier barrier(1);
    for (int t = 0; t < 4; ++t) {
      run.thread([&] {
        for (int i = 0; i < 2; ++i) run.require(barrier.wait() == 0, "each is its own round");
      });
    }
    run.join();
  });
}

}  // namespace
}  // namespace weft::ipc
