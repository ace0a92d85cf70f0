#include "stress/run/tasks.h"

#include <gtest/gtest.h>
#include <pthread.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <thread>

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

TEST(Tasks, ANewThreadIsSeenWithItsNameAndState) {
  start_sanitizer_threads();
  const auto before = tasks_now();
  EXPECT_TRUE(std::any_of(before.begin(), before.end(),
                          [](const Task& task) { return task.tid == gettid(); }));
  std::atomic<bool> stop{false};
  std::atomic<int> tid{0};
  std::thread sleeper([&] {
    pthread_setname_np(pthread_self(), "odd (name) x");
    tid = gettid();
    stop.wait(false);
  });
  // Until it is asleep in stop.wait().
  std::vector<Task> since;
  do {
    since = tasks_since(before);
    std::this_thread::yield();
  } while (tid == 0 || since.size() != 1 || since[0].state != 'S');
  EXPECT_EQ(since[0].tid, tid);
  EXPECT_EQ(since[0].name, "odd (name) x");
  EXPECT_GT(since[0].start_time, 0u);
  EXPECT_GT(since[0].switches, 0u);
  stop = true;
  stop.notify_all();
  sleeper.join();
}

}  // namespace
}  // namespace weft::internal
