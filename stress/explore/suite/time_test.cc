// Virtual time: it passes when all wait, in the order of deadlines, and takes none.
#include <gtest/gtest.h>
#include <time.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <ctime>
#include <mutex>
#include <thread>
#include <vector>

#include "stress/check.h"
#include "stress/explore/suite/pauses.h"

namespace weft::suite {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;
using std::chrono::system_clock;

void expect_to_hold(const Report& report) {
  EXPECT_EQ(to_string(report.verdict), to_string(Verdict::kHolds)) << report.summary();
}

TEST(VirtualTime, BothEndsOfATimedWaitAreSeen) {
  bool seen[2] = {};
  expect_to_hold(check(
      [&](weft::Run& run) {
        std::mutex mutex;
        std::condition_variable condition;
        bool ready = false;
        run.thread([&] {
          std::unique_lock lock(mutex);
          seen[condition.wait_for(lock, 1h, [&] { return ready; })] = true;
        });
        run.thread([&] {
          const std::lock_guard lock(mutex);
          ready = true;
          condition.notify_one();
        });
        run.join();
      },
      {.strategy = "exhaustive"}));
  EXPECT_TRUE(seen[false]) << "no execution gave up";
  EXPECT_TRUE(seen[true]) << "no execution waited long enough";
}

TEST(VirtualTime, ThePatientWaitLongEnough) {
  bool seen[2] = {};
  expect_to_hold(check(
      [&](weft::Run& run) {
        std::timed_mutex mutex;
        run.thread([&] {
          const std::lock_guard lock(mutex);
          std::this_thread::yield();
        });
        run.thread([&] {
          const bool got = mutex.try_lock_for(1ms);
          seen[got] = true;
          if (got) mutex.unlock();
        });
        run.join();
      },
      {.strategy = "exhaustive", .patient = true}));
  EXPECT_FALSE(seen[false]) << "time passed though a thread could run";
  EXPECT_TRUE(seen[true]);
}

TEST(VirtualTime, EvenThePatientGiveUpWhenNobodyCanRun) {
  expect_to_hold(check(
      [](weft::Run& run) {
        std::timed_mutex mutex;
        mutex.lock();
        run.thread([&] { run.require(!mutex.try_lock_for(24h), "nobody unlocks it"); });
        run.join();
        mutex.unlock();
      },
      {.strategy = "exhaustive", .patient = true}));
}

TEST(VirtualTime, HoursTakeNoTime) {
  const auto begin = steady_clock::now();
  const Report report = check(
      [](weft::Run& run) {
        for (int i = 0; i < 3; ++i) {
          run.thread([&] {
            const auto before = system_clock::now();
            for (int day = 0; day < 10; ++day) pause_for(24h);
            run.require(system_clock::now() - before >= 240h, "ten days have passed");
          });
        }
        run.join();
      },
      {.budget = 5s, .executions = 1000, .strategy = "random_walk"});
  EXPECT_FALSE(report.violated());
  EXPECT_EQ(report.executions, 1000u);
  EXPECT_LT(steady_clock::now() - begin, 5s);
}

TEST(VirtualTime, SleepsEndInTheOrderOfTheirDeadlines) {
  expect_to_hold(check(
      [](weft::Run& run) {
        // A mutex, because that one sleep ends before another orders nothing.
        std::mutex mutex;
        std::vector<std::chrono::milliseconds> ended;
        for (const auto length : {30ms, 10ms, 20ms}) {
          run.thread([&, length] {
            pause_until(steady_clock::time_point(steady_clock::now() + length));
            const std::lock_guard lock(mutex);
            ended.push_back(length);
          });
        }
        run.join();
        run.require(ended == std::vector{10ms, 20ms, 30ms}, "the shortest ends first");
      },
      {.strategy = "exhaustive", .patient = true}));
}

// Without patience a thread may be slow after its sleep, but no clock shows another's end too
// early.
TEST(VirtualTime, NobodyWakesBeforeItsDeadline) {
  expect_to_hold(check(
      [](weft::Run& run) {
        for (const auto length : {20ms, 10ms}) {
          run.thread([&, length] {
            const auto begin = steady_clock::now();
            pause_for(length);
            run.require(steady_clock::now() - begin >= length, "it slept as long as it asked");
          });
        }
        run.join();
      },
      {.strategy = "exhaustive"}));
}

TEST(VirtualTime, ClocksAreMonotonicAndAgree) {
  check([](weft::Run& run) {
    for (int i = 0; i < 2; ++i) {
      run.thread([&] {
        auto steady = steady_clock::now();
        auto system = system_clock::now();
        const auto begin = system - system_clock::time_point(steady.time_since_epoch());
        for (int n = 0; n < 20; ++n) {
          const auto later = steady_clock::now();
          run.require(later >= steady, "the steady clock does not go back");
          steady = later;
          const auto now = system_clock::now();
          run.require(now >= system, "nor does the time of day");
          system = now;
          if (n % 5 == 0) pause_for(1s);
        }
        const auto end = system - system_clock::time_point(steady.time_since_epoch());
        run.require(end - begin < 1s && begin - end < 1s, "they go at the same speed");
      });
    }
    run.join();
  });
}

TEST(VirtualTime, ALoopThatWaitsForAClockEnds) {
  check([](weft::Run& run) {
    const auto end = steady_clock::now() + 1h;
    while (steady_clock::now() < end) {
    }
    run.require(true, "it came here");
  });
}

TEST(VirtualTime, EveryClockTellsIt) {
  check([](weft::Run& run) {
    timespec before;
    clock_gettime(CLOCK_REALTIME, &before);
    const std::time_t seconds = std::time(nullptr);
    run.require(seconds >= before.tv_sec && seconds - before.tv_sec <= 1, "time()");
    timespec standard;
    timespec_get(&standard, TIME_UTC);
    run.require(standard.tv_sec >= before.tv_sec, "timespec_get()");
    pause_for(3h);
    run.require(std::time(nullptr) - seconds >= 3 * 3600, "three hours later");
    timespec after;
    clock_gettime(CLOCK_REALTIME_COARSE, &after);
    run.require(after.tv_sec - before.tv_sec >= 3 * 3600, "by the coarse clock, too");
  });
}

TEST(VirtualTime, IsTheSameInEachExecution) {
  std::atomic<long> first = 0;
  check([&](weft::Run& run) {
    const long now = std::time(nullptr);
    long none = 0;
    first.compare_exchange_strong(none, now);
    run.require(first == now, "each execution begins at the same time");
  });
}

TEST(VirtualTime, ADeadlineInThePastHasPassed) {
  expect_to_hold(check(
      [](weft::Run& run) {
        std::mutex mutex;
        std::condition_variable condition;
        std::unique_lock lock(mutex);
        const auto never = [] { return false; };
        run.require(!condition.wait_until(lock, steady_clock::now() - 1h, never), "steady");
        run.require(!condition.wait_until(lock, system_clock::now() - 1h, never), "system");
        run.require(!condition.wait_until(lock, system_clock::time_point(), never), "1970");
        run.require(!condition.wait_for(lock, -5s, never), "a negative duration");
        pause_until(steady_clock::now() - 1h);
        pause_for(-1s);
      },
      {.strategy = "exhaustive"}));
}

TEST(VirtualTime, ADeadlineThatNeverComesIsNoTimeOut) {
  expect_violation(Kind::kAssertion, [](weft::Run& run) {
    std::mutex mutex;
    std::condition_variable condition;
    std::unique_lock lock(mutex);
    // Centuries pass as well, when there is nothing else to wait for.
    run.require(
        condition.wait_for(lock, std::chrono::hours(24 * 365 * 200)) != std::cv_status::timeout,
        "two centuries are long enough");
  });
}

}  // namespace
}  // namespace weft::suite
