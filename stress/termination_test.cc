// What a process that is told to end, as Bazel tells it when a test's time is up, says before.
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <thread>

#include "stress/check.h"
#include "stress/run/tasks.h"
#include "stress/run_self_for_test.h"

namespace {

using namespace std::chrono_literals;
using weft::internal::run_self;
using weft::internal::SelfRun;

// --- Tests that wait for SIGTERM. They run only as children of the tests below. ---

void sleep_for_good() {
  std::atomic<int> never{0};
  never.wait(0);
}

// Prints it once the thread is asleep that has put its id there: before, a stack or another thread
// cannot be relied on, because the sanitizers' runtimes have locks.
void say_ready_when_asleep(const std::atomic<int>& tid) {
  std::uint64_t switches = 0;
  for (int unchanged = 0; unchanged < 3;) {
    std::this_thread::yield();
    for (const auto& task : weft::internal::tasks_now()) {
      if (task.tid != tid) continue;
      unchanged = task.state == 'S' && task.switches == switches ? unchanged + 1 : 0;
      switches = task.switches;
    }
  }
  std::fputs("ready\n", stderr);
}

TEST(DISABLED_Terminated, WaitsForBazel) {
  weft::check(
      [](weft::Run& run) {
        std::atomic<int> tid{0};
        run.thread("sleeper", [&] {
          tid = gettid();
          sleep_for_good();
        });
        run.start();
        say_ready_when_asleep(tid);
        run.join();
      },
      {.hang_after = 1000s, .livelock_after = 1000s});
}

TEST(DISABLED_Terminated, OutsideOfAnyCheck) {
  std::atomic<int> tid{0};
  std::thread other([&] {
    say_ready_when_asleep(tid);
    sleep_for_good();
  });
  tid = gettid();
  sleep_for_good();
  other.join();
}

// --- What the above look like from outside. ---

TEST(Termination, SigtermOutsideOfAnyCheckPrintsAllStacksAndEnds) {
  const SelfRun run = run_self({.filter = "*Terminated.Outside*", .terminate_at = {"ready"}});
  EXPECT_EQ(run.exit_code, 128 + SIGTERM) << run.output;
  EXPECT_TRUE(run.prints("weft: SIGTERM outside of any check")) << run.output;
  EXPECT_TRUE(run.prints("sleep_for_good")) << run.output;
  EXPECT_TRUE(run.prints("DISABLED_Terminated_OutsideOfAnyCheck_Test::TestBody")) << run.output;
  EXPECT_NE(run.output.find("(tid "), run.output.rfind("(tid ")) << "two threads\n" << run.output;
  EXPECT_TRUE(run.reports("<testcase name=\"OutsideOfAnyCheck\"")) << run.xml;
  EXPECT_TRUE(run.reports("ended in the middle of this test")) << run.xml;
}

TEST(Termination, SigtermPrintsTestSeedAndStacksAndEnds) {
  const SelfRun run = run_self({.filter = "DISABLED_Terminated.Waits*", .terminate_at = {"ready"}});
  EXPECT_EQ(run.exit_code, 128 + SIGTERM);
  EXPECT_TRUE(run.prints("weft: SIGTERM during DISABLED_Terminated.WaitsForBazel")) << run.output;
  EXPECT_TRUE(run.prints("seed 20260101"));
  EXPECT_TRUE(run.prints("sleeper (tid ")) << run.output;
  EXPECT_TRUE(run.prints("sleep_for_good")) << run.output;
  EXPECT_LT(run.seconds, 120);
}

TEST(Termination, SigtermToTheSymbolizerAsWellCostsNoStack) {
  const SelfRun run =
      run_self({.filter = "DISABLED_Hang.Sleeps:*Terminated.Outside*", .terminate_at = {"ready"}});
  EXPECT_EQ(run.exit_code, 128 + SIGTERM) << run.output;
  EXPECT_TRUE(run.prints("hang: all 2 threads have been asleep")) << run.output;
  EXPECT_TRUE(run.prints("DISABLED_Terminated_OutsideOfAnyCheck_Test::TestBody")) << run.output;
}

TEST(Termination, ASecondSigtermCostsNoStack) {
  const SelfRun run =
      run_self({.filter = "*Terminated.Outside*", .terminate_at = {"ready", "weft: SIGTERM"}});
  EXPECT_EQ(run.exit_code, 128 + SIGTERM) << run.output;
  EXPECT_TRUE(run.prints("sleep_for_good")) << run.output;
}

TEST(Termination, SigtermReachesAnIsolatedCheck) {
  const SelfRun run = run_self({.filter = "DISABLED_Terminated.Waits*",
                                .environment = {{"WEFT_ISOLATE", "1"}},
                                .terminate_at = {"ready"}});
  EXPECT_EQ(run.exit_code, 128 + SIGTERM);
  EXPECT_TRUE(run.prints("sleep_for_good")) << run.output;
}

}  // namespace
