// Time-outs of a Barrier, which break it, and what they race with.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <thread>

#include "primitives/base/errors.h"
#include "primitives/threading/barrier.h"
#include "stress/check.h"
#include "stress/threading/support.h"

namespace weft {
namespace {

using testing_threads::briefly;
using testing_threads::for_each_extreme_length;
using testing_threads::for_each_negative_length;
using testing_threads::kNotANumber;
using testing_threads::patiently;
using namespace std::chrono_literals;
using SteadyClock = std::chrono::steady_clock;
using SteadyHours = std::chrono::time_point<SteadyClock, std::chrono::hours>;

TEST(Barrier, ATimeoutOfZeroOrLessBreaksItUnlessTheCallerIsTheLast) {
  const auto is_broken_by = [](auto wait) {
    Barrier barrier(2);
    EXPECT_THROW(wait(barrier), BrokenBarrierError);
    EXPECT_TRUE(barrier.broken());
    EXPECT_EQ(barrier.n_waiting(), 0U);
    EXPECT_THROW(barrier.wait(), BrokenBarrierError) << "for all who come later";
    Barrier alone(1);
    EXPECT_EQ(wait(alone), 0U) << "the last waits for nobody";
    EXPECT_FALSE(alone.broken());
  };
  is_broken_by([](Barrier& barrier) { return barrier.wait_for(0s); });
  for_each_negative_length([&](auto length) {
    is_broken_by([length](Barrier& barrier) { return barrier.wait_for(length); });
  });
  is_broken_by([](Barrier& barrier) { return barrier.wait_until(SteadyClock::now()); });
  is_broken_by([](Barrier& barrier) { return barrier.wait_until(SteadyHours::min()); });
}

TEST(Barrier, NaNIsRefusedAndBreaksNothing) {
  EXPECT_THROW(Barrier(2, kNotANumber), ValueError);
  Barrier barrier(2);
  EXPECT_THROW(barrier.wait_for(kNotANumber), ValueError);
  EXPECT_FALSE(barrier.broken());
  EXPECT_EQ(barrier.n_waiting(), 0U);
}

TEST(Barrier, TheTimeoutOfTheConstructorIsForWaitsThatNameNone) {
  check(
      [](weft::Run& run) {
        Barrier barrier(2, 2ms);
        const auto begin = SteadyClock::now();
        bool broke = false;
        try {
          barrier.wait();
        } catch (const BrokenBarrierError&) {
          broke = true;
        }
        run.require(broke && barrier.broken(), "the time was over");
        run.require(SteadyClock::now() - begin >= 2ms, "and not before");
        barrier.reset();
        run.thread([&] { run.require(barrier.wait_for(1h) <= 1, "a time-out of its own"); });
        run.start();
        while (barrier.n_waiting() == 0) std::this_thread::yield();
        const auto waited_since = SteadyClock::now();
        while (SteadyClock::now() < waited_since + 3ms) std::this_thread::yield();
        run.require(barrier.wait() == 1, "the first waited beyond the constructor's time-out");
        run.join();
      },
      patiently(briefly()));
}

TEST(Barrier, TheConstructorsTimeoutMayComeWithAnAction) {
  int actions = 0;
  Barrier barrier(1, 1h, [&] { ++actions; });
  barrier.wait();
  EXPECT_EQ(actions, 1);
}

// CV7
TEST(Barrier, ATimeoutTooLongForTheClockWaitsForTheLast) {
  for_each_extreme_length([](auto length) {
    check(
        [length](weft::Run& run) {
          Barrier barrier(3, length);
          run.thread([&] { run.require(barrier.wait_for(length) < 3, "it waited for the last"); });
          run.thread([&] { run.require(barrier.wait() < 3, "it waited for the last"); });
          run.start();
          while (barrier.n_waiting() < 2) std::this_thread::yield();
          run.require(barrier.wait_until(SteadyHours::max()) == 2, "the last waits for nobody");
          run.join();
        },
        briefly());
  });
}

TEST(Barrier, OneThreadsTimeoutBreaksItForAllWhoWait) {
  check([](weft::Run& run) {
    Barrier barrier(4);
    std::atomic<int> broken{0};
    const auto wait = [&](auto how) {
      try {
        how();
      } catch (const BrokenBarrierError&) {
        ++broken;
      }
    };
    run.thread([&] { wait([&] { barrier.wait(); }); });
    run.thread([&] { wait([&] { barrier.wait(); }); });
    run.thread([&] { wait([&] { barrier.wait_for(100us); }); });
    run.join();
    run.require(broken == 3, "all three");
    run.require(barrier.broken() && barrier.n_waiting() == 0, "broken and empty");
  });
}

// The state wins over the clock: a round is complete for all its threads or for none.
TEST(Barrier, ARoundIsCompleteForAllOrForNobody) {
  check([](weft::Run& run) {
    constexpr int kThreads = 3;
    Barrier barrier(kThreads);
    std::atomic<int> complete{0};
    for (int t = 0; t < kThreads; ++t) {
      run.thread([&, t] {
        // One with a time-out, one that aborts when it gives up, one without limit.
        const auto timeout = std::chrono::microseconds(run.random().below(300));
        try {
          if (t == 0) {
            barrier.wait_for(timeout);
          } else {
            barrier.wait();
          }
          ++complete;
        } catch (const BrokenBarrierError&) {
        }
      });
    }
    const bool aborted = run.random().chance(1, 3);
    if (aborted) {
      run.thread([&] { barrier.abort(); });
    }
    run.join();
    run.require(complete == 0 || complete == kThreads, "all or nobody");
    run.require(complete == 0 ? barrier.broken() : (aborted || !barrier.broken()),
                "broken if nobody came through, whole if everybody did and nobody aborted it");
  });
}

}  // namespace
}  // namespace weft
