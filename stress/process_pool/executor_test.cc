// What an executor's options do. What it shares with a pool, the pool's tests show; what happens
// when a process dies, death_test.cc.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/types.h>

#include <atomic>
#include <chrono>
#include <set>

#include "primitives/base/errors.h"
#include "primitives/process_pool/process_pool_executor.h"
#include "stress/process/process_for_test.h"
#include "stress/process_pool/functions.h"

namespace weft::ipc {
namespace {

using namespace std::chrono_literals;

class Executor : public Processes {};

TEST_F(Executor, NeedsAProcess) {
  EXPECT_THROW(ProcessPoolExecutor executor(0), ValueError);
  ProcessPoolExecutor three({.max_workers = 3});
  EXPECT_EQ(three.max_workers(), 3u);
  EXPECT_EQ(three.submit(twice, 4).result(), 8);
  EXPECT_GE(ProcessPoolExecutor().max_workers(), 1u);
}

TEST_F(Executor, CallsItsInitializerFirstInEachProcess) {
  static int begun = 0;
  const Shared<std::atomic<int>> processes;
  ProcessPoolExecutor executor({.max_workers = 3, .initializer = [&] {
                                  begun = 1;
                                  ++*processes;
                                }});
  for (const int seen : executor.map([](int) { return begun; }, numbers(50))) EXPECT_EQ(seen, 1);
  executor.shutdown();
  EXPECT_EQ(*processes, 3);
  EXPECT_EQ(begun, 0) << "not here";
}

TEST_F(Executor, BreaksIfItsInitializerThrows) {
  ProcessPoolExecutor executor(
      {.max_workers = 2, .initializer = [] { throw ValueError("not today"); }});
  EXPECT_THROW((void)executor.submit(twice, 1).result(), BrokenProcessPool);
}

TEST_F(Executor, ReplacesAProcessThatHasDoneItsShare) {
  for (const std::size_t most : {1u, 3u}) {
    ProcessPoolExecutor executor({.max_workers = 2, .max_tasks_per_child = most});
    std::multiset<pid_t> pids;
    for (const pid_t pid : executor.map(pid_of, numbers(30))) pids.insert(pid);
    ASSERT_EQ(pids.size(), 30u);
    for (const pid_t pid : pids) EXPECT_LE(pids.count(pid), most);
  }
}

TEST_F(Executor, TriesACallAsOftenAsToldIfItHeals) {
  const Shared<std::atomic<int>> tries;
  static std::atomic<int>* counted = nullptr;
  counted = &*tries;
  ProcessPoolExecutor executor(
      {.max_workers = 1, .on_death = ProcessPoolExecutor::OnDeath::kReplace, .retries = 2});
  const auto dies = executor.submit([] {
    ++*counted;
    (void)::raise(SIGKILL);
  });
  EXPECT_THROW((void)dies.result(), WorkerDiedError);
  EXPECT_EQ(*tries, 3);
  const auto recovers = executor.submit([] {
    if (counted->fetch_add(1) < 5) (void)::raise(SIGKILL);
    return counted->load();
  });
  EXPECT_EQ(recovers.result(), 6);
}

TEST_F(Executor, TriesNoCallAgainIfItBreaks) {
  const Shared<std::atomic<int>> tries;
  static std::atomic<int>* counted = nullptr;
  counted = &*tries;
  ProcessPoolExecutor executor({.max_workers = 1, .retries = 2});
  const auto dies = executor.submit([] {
    ++*counted;
    (void)::raise(SIGKILL);
  });
  EXPECT_THROW((void)dies.result(), BrokenProcessPool);
  executor.shutdown();
  EXPECT_EQ(*tries, 1);
}

// Whether the executor heals or not: the process did not die of itself.
TEST_F(Executor, FailsACallThatTakesTooLongAndGoesOn) {
  for (const auto on_death :
       {ProcessPoolExecutor::OnDeath::kReplace, ProcessPoolExecutor::OnDeath::kBreak}) {
    ProcessPoolExecutor executor({.max_workers = 1, .on_death = on_death, .task_timeout = 500ms});
    const auto endless = executor.submit(never_end);
    const auto next = executor.submit(twice, 3);
    EXPECT_THROW((void)endless.result(), TimeoutError);
    EXPECT_EQ(next.result(), 6);
  }
}

}  // namespace
}  // namespace weft::ipc
