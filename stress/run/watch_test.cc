#include "stress/run/watch.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

#include "stress/run/tasks.h"

namespace weft::internal {
namespace {

using Finding = Watch::Finding;

constexpr Seconds kStep{0.05};

// Feeds the same samples until something is found, at most for `seconds`.
Finding feed(Watch& watch, const std::vector<Task>& tasks, double seconds) {
  for (double at = 0; at < seconds; at += kStep.count()) {
    const Finding finding = watch.observe(kStep, 1, tasks);
    if (finding != Finding::kNothing) return finding;
  }
  return Finding::kNothing;
}

const Task kAsleep{.tid = 10, .start_time = 1, .state = 'S', .switches = 5, .name = "a"};
const Task kRunning{.tid = 11, .start_time = 1, .state = 'R', .switches = 5, .name = "b"};
const Task kOnDisk{.tid = 12, .start_time = 1, .state = 'D', .switches = 5, .name = "c"};

TEST(Watch, AllAsleepAndNeverWokenIsAHang) {
  Watch watch(Seconds(1), Seconds(100));
  EXPECT_EQ(feed(watch, {kAsleep}, 0.9), Finding::kNothing);
  EXPECT_EQ(feed(watch, {kAsleep}, 0.5), Finding::kHang);
}

TEST(Watch, AThreadThatWaitsForACoreIsNoHang) {
  Watch watch(Seconds(1), Seconds(100));
  EXPECT_EQ(feed(watch, {kAsleep, kRunning}, 50), Finding::kNothing);
}

TEST(Watch, AThreadThatWaitsForADiskIsNoHang) {
  Watch watch(Seconds(1), Seconds(100));
  EXPECT_EQ(feed(watch, {kAsleep, kOnDisk}, 50), Finding::kNothing);
}

TEST(Watch, AThreadThatWasWokenBetweenSamplesIsNoHang) {
  Watch watch(Seconds(1), Seconds(100));
  Task task = kAsleep;
  for (int i = 0; i < 40; ++i) {
    ++task.switches;
    EXPECT_EQ(feed(watch, {task}, 0.8), Finding::kNothing);
  }
}

TEST(Watch, ANewThreadIsProgress) {
  Watch watch(Seconds(1), Seconds(100));
  Task task = kAsleep;
  for (int i = 0; i < 40; ++i) {
    ++task.start_time;  // the kernel gave the same number to another thread
    EXPECT_EQ(feed(watch, {task}, 0.8), Finding::kNothing);
  }
}

TEST(Watch, ANewExecutionStartsAfresh) {
  Watch watch(Seconds(1), Seconds(2));
  for (std::uint64_t execution = 0; execution < 200; ++execution) {
    EXPECT_EQ(watch.observe(kStep, execution, {kAsleep}), Finding::kNothing);
  }
}

TEST(Watch, AnExecutionThatRunsTooLongIsALivelock) {
  Watch watch(Seconds(1), Seconds(20));
  EXPECT_EQ(feed(watch, {kRunning}, 19), Finding::kNothing);
  EXPECT_EQ(feed(watch, {kRunning}, 2), Finding::kLivelock);
}

// On a busy machine it takes a while until they come to sleep.
TEST(Watch, WhoFallsAsleepLateIsAHangThoughTheTimeOfALivelockIsOver) {
  Watch watch(Seconds(1), Seconds(2));
  EXPECT_EQ(feed(watch, {kRunning}, 1.8), Finding::kNothing);
  EXPECT_EQ(feed(watch, {kAsleep}, 0.9), Finding::kNothing);
  EXPECT_EQ(feed(watch, {kAsleep}, 0.5), Finding::kHang);
}

TEST(Watch, WhoSleepsNowAndThenIsALivelockAtItsTime) {
  Watch watch(Seconds(1), Seconds(2));
  Task task = kAsleep;
  Finding finding = Finding::kNothing;
  double at = 0;
  for (; finding == Finding::kNothing && at < 10; at += 4 * kStep.count()) {
    ++task.switches;
    finding = feed(watch, {task}, 3.5 * kStep.count());
  }
  EXPECT_EQ(finding, Finding::kLivelock);
  EXPECT_LT(at, 2.5);
}

TEST(Watch, ASuspendedMachineRaisesNoAlarm) {
  Watch watch(Seconds(1), Seconds(20));
  watch.observe(kStep, 1, {kAsleep});
  watch.observe(kStep, 1, {kAsleep});
  EXPECT_EQ(watch.observe(Seconds(3600), 1, {kAsleep}), Finding::kNothing);
}

TEST(Watch, NoThreadsIsNoHang) {
  Watch watch(Seconds(1), Seconds(100));
  EXPECT_EQ(feed(watch, {}, 50), Finding::kNothing);
}

// Waits on memory that it shares with other processes, and looks now and then whether they live.
const Task kLooking{.pid = 20,
                    .tid = 20,
                    .start_time = 1,
                    .state = 'S',
                    .switches = 5,
                    .name = "d",
                    .ran_ns = 1'000'000,
                    .wait = SharedWait{.word = 0x1000, .expected = 1, .stack = 2, .code = 3}};
constexpr std::uint64_t kLookNs = 30'000;

// What is seen of such a one: a step later, with one more look behind it.
void look(Task& task) {
  ++task.switches;
  task.ran_ns += kLookNs;
}

TEST(Watch, WakingToLookWhoLivesCountsAsSleep) {
  Watch watch(Seconds(1), Seconds(100));
  Task task = kLooking;
  Finding finding = Finding::kNothing;
  double at = 0;
  for (; finding == Finding::kNothing && at < 50; at += kStep.count()) {
    look(task);
    finding = watch.observe(kStep, 1, {kAsleep, task});
  }
  EXPECT_EQ(finding, Finding::kHang);
  EXPECT_NEAR(at, 1, 0.2);
}

TEST(Watch, ALookThatWaitsForACoreDelaysAHangAndDoesNotHideIt) {
  Watch watch(Seconds(1), Seconds(100));
  Task task = kLooking;
  Finding finding = Finding::kNothing;
  double at = 0;
  for (int sample = 0; finding == Finding::kNothing && at < 50; ++sample) {
    if (sample % 2 == 0) look(task);
    Task seen = task;
    if (sample % 2 == 1) {
      seen.state = 'R';
      seen.wait.reset();
    }
    finding = watch.observe(kStep, 1, {kAsleep, seen});
    at += kStep.count();
  }
  EXPECT_EQ(finding, Finding::kHang);
  EXPECT_NEAR(at, 2, 0.3);
}

TEST(Watch, OneThatHasBeenRunnableEverSinceIsNoHang) {
  Watch watch(Seconds(1), Seconds(100));
  EXPECT_EQ(feed(watch, {kLooking}, 0.5), Finding::kNothing);
  Task starved = kLooking;
  starved.state = 'R';
  starved.wait.reset();
  EXPECT_EQ(feed(watch, {starved}, 50), Finding::kNothing);
}

TEST(Watch, ThoseWhoAreSeldomAsleepTogetherAreNoHang) {
  Watch watch(Seconds(1), Seconds(100));
  for (int sample = 0; sample < 1000; ++sample) {
    Task task = kLooking;
    if (sample % 8 != 0) {
      task.state = 'R';
      task.wait.reset();
    }
    ASSERT_EQ(watch.observe(kStep, 1, {task}), Finding::kNothing) << sample;
  }
}

TEST(Watch, OneThatWorksBetweenItsLooksIsALivelock) {
  Watch watch(Seconds(1), Seconds(20));
  Task task = kLooking;
  Finding finding = Finding::kNothing;
  for (double at = 0; finding == Finding::kNothing && at < 50; at += kStep.count()) {
    ++task.switches;
    task.ran_ns += 2'000'000;  // a twenty-fifth of the step
    finding = watch.observe(kStep, 1, {task});
  }
  EXPECT_EQ(finding, Finding::kLivelock);
}

TEST(Watch, OneThatWaitsForSomethingElseThanBeforeIsNoHang) {
  for (std::uint64_t SharedWait::* field :
       {&SharedWait::word, &SharedWait::expected, &SharedWait::stack, &SharedWait::code}) {
    Watch watch(Seconds(1), Seconds(100));
    Task task = kLooking;
    for (int i = 0; i < 40; ++i) {
      look(task);
      ++((*task.wait).*field);
      EXPECT_EQ(feed(watch, {task}, 0.8), Finding::kNothing);
    }
  }
}

TEST(Watch, WithoutTimesOnAProcessorAWakeUpIsNews) {
  Watch watch(Seconds(1), Seconds(100));
  Task task = kLooking;
  task.ran_ns = 0;
  for (int i = 0; i < 40; ++i) {
    ++task.switches;
    EXPECT_EQ(feed(watch, {task}, 0.8), Finding::kNothing);
  }
}

TEST(Watch, AStoppedProcessIsAsleep) {
  Watch watch(Seconds(1), Seconds(100));
  Task task = kLooking;
  task.state = 'T';
  task.wait.reset();
  EXPECT_EQ(feed(watch, {kAsleep, task}, 0.9), Finding::kNothing);
  EXPECT_EQ(feed(watch, {kAsleep, task}, 0.5), Finding::kHang);
}

TEST(Watch, AnEndedProcessIsProgress) {
  Watch watch(Seconds(1), Seconds(100));
  EXPECT_EQ(feed(watch, {kAsleep, kLooking}, 0.9), Finding::kNothing);
  EXPECT_EQ(feed(watch, {kAsleep}, 0.9), Finding::kNothing);
}

}  // namespace
}  // namespace weft::internal
