// What a pool does when processes die.
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <ranges>
#include <string>
#include <thread>
#include <vector>

#include "primitives/base/errors.h"
#include "primitives/process_pool/desk.h"
#include "primitives/process_pool/process_pool.h"
#include "primitives/process_pool/process_pool_executor.h"
#include "primitives/process_pool/worker_loop.h"
#include "stress/process/process_for_test.h"
#include "stress/process_pool/functions.h"

namespace weft::ipc {
namespace {

using namespace std::chrono_literals;

class PoolOfMortals : public Processes {};

TEST_F(PoolOfMortals, TheCallOfAKilledProcessFailsAndTheOthersAreDone) {
  Pool pool(2);
  std::vector<Future<int>> futures;
  for (int i = 0; i < 100; ++i) futures.push_back(pool.submit(die_at_seven, i));
  for (int i = 0; i < 100; ++i) {
    const auto& future = futures[static_cast<std::size_t>(i)];
    if (i == 7) {
      EXPECT_EQ(message_of<WorkerDiedError>([&] { (void)future.result(); }),
                "the process that did this task was ended by signal 9");
    } else {
      EXPECT_EQ(future.result(), i);
    }
  }
  EXPECT_EQ(pool.map(twice, numbers(20)), twice_each(numbers(20))) << "another took its place";
}

TEST_F(PoolOfMortals, MapDoesNotWaitForALostChunk) {
  Pool pool(2);
  EXPECT_THROW((void)pool.map(die_at_seven, numbers(50), 3), WorkerDiedError);
}

TEST_F(PoolOfMortals, EveryWayToEndIsNoticed) {
  Pool pool(1);
  EXPECT_EQ(message_of<WorkerDiedError>([&] { pool.apply([] { ::_exit(3); }); }),
            "the process that did this task ended with exit code 3");
  EXPECT_THROW(pool.apply([] { std::abort(); }), WorkerDiedError);
  EXPECT_THROW(pool.apply([] { (void)::raise(SIGUSR1); }), WorkerDiedError);
  EXPECT_EQ(pool.apply(twice, 1), 2);
}

TEST_F(PoolOfMortals, ATaskThatKillsIsTriedAsOftenAsAllowed) {
  const Shared<std::atomic<int>> tries;
  static std::atomic<int>* counted = nullptr;
  counted = &*tries;
  Pool pool({.processes = 2, .retries = 3});
  auto poison = pool.submit([] {
    ++*counted;
    (void)::raise(SIGKILL);
  });
  EXPECT_THROW((void)poison.result(), WorkerDiedError);
  EXPECT_EQ(*tries, 4);
  auto recovers = pool.submit([] {
    if (counted->fetch_add(1) < 6) (void)::raise(SIGKILL);
    return counted->load();
  });
  EXPECT_EQ(recovers.result(), 7);
}

TEST_F(PoolOfMortals, KilledFromOutsideAgainAndAgainItLosesNoCallAndDoublesNone) {
  constexpr int kCalls = 3000;
  struct Counts {
    std::atomic<int> total, of[kCalls];
  };
  const Shared<Counts> begun;
  static Counts* counts = nullptr;
  counts = &*begun;
  Pool pool(3);
  std::vector<Future<int>> futures;
  for (int i = 0; i < kCalls; ++i) {
    futures.push_back(pool.submit(
        [](int n) {
          ++counts->total;
          ++counts->of[n];
          return n;
        },
        i));
  }
  std::atomic<bool> done{false};
  std::thread killer([&] {
    int at_last_kill = 0;
    for (unsigned i = 0; !done;) {
      std::this_thread::yield();
      // Some calls are done in between: a pool whose processes die one after the other without
      // doing anything breaks.
      if (begun->total < at_last_kill + 20) continue;
      const std::vector<pid_t> pids = pool.pids();
      if (pids.empty()) continue;
      at_last_kill = begun->total;
      // The number is not given again so soon.
      (void)::kill(pids[++i % pids.size()], SIGKILL);
    }
  });
  int died = 0;
  for (int i = 0; i < kCalls; ++i) {
    try {
      EXPECT_EQ(futures[static_cast<std::size_t>(i)].result(), i);
      EXPECT_EQ(begun->of[i], 1);
    } catch (const WorkerDiedError&) {
      ++died;
      EXPECT_LE(begun->of[i], 1);
    }
  }
  done = true;
  killer.join();
  EXPECT_LT(died, kCalls);
  EXPECT_EQ(pool.map(twice, numbers(20)), twice_each(numbers(20)));
}

TEST_F(PoolOfMortals, ATaskThatTakesTooLongFailsAndItsProcessIsReplaced) {
  Pool pool({.processes = 1, .task_timeout = 50ms});
  auto endless = pool.submit(never_end);
  auto next = pool.submit(twice, 4);
  EXPECT_THROW((void)endless.result(), TimeoutError);
  EXPECT_EQ(next.result(), 8);
}

// Else a pool that waits for a cell, and for no result, would wait for ever.
TEST_F(PoolOfMortals, AWorkerTellsThatItHasPassedOverATaskThatWasTakenBack) {
  namespace parts = weft::internal;
  const auto pool_sleeps = parts::SharedObject<parts::Bell::Word>::make();
  parts::Bell pools_bell(*pool_sleeps);
  parts::Desk desk(pools_bell);
  Process worker([&] { parts::work_at(desk, {}, false); });
  worker.start();
  parts::StreamWriter tasks(desk.slot->tasks);
  desk.slot->cell(0).store(parts::SharedSlot::kTaken);
  tasks.write(parts::bytes_of(parts::TaskHeader{0, 0, 0, 0, parts::TaskHeader::kTask}));
  pools_bell.prepare_to_sleep();
  tasks.publish();
  desk.workers.ring();
  pollfd rung{.fd = pools_bell.descriptor(), .events = POLLIN, .revents = 0};
  EXPECT_EQ(::poll(&rung, 1, 10'000), 1);
  EXPECT_EQ(desk.slot->passed, 1u);
  tasks.write(parts::bytes_of(parts::TaskHeader{1, 0, 0, 0, parts::TaskHeader::kEnd}));
  tasks.publish();
  desk.workers.ring();
  worker.join();
  EXPECT_EQ(worker.exitcode(), 0);
}

TEST_F(PoolOfMortals, AnInitializerThatThrowsBreaksThePool) {
  Pool pool({.processes = 2, .initializer = [] { throw ValueError("not today"); }});
  std::string why;
  try {
    for (;;) (void)pool.apply(twice, 1);
  } catch (const BrokenProcessPool& broken) {
    why = broken.what();
  }
  EXPECT_EQ(why, "the initializer of a pool's process failed: not today");
}

TEST_F(PoolOfMortals, AnInitializerThatKillsBreaksThePoolInTheEnd) {
  Pool pool({.processes = 2, .initializer = [] { (void)::raise(SIGKILL); }});
  EXPECT_THROW(
      {
        for (;;) (void)pool.apply(twice, 1);
      },
      BrokenProcessPool);
}

TEST_F(PoolOfMortals, WhenTheNurseryIsKilledNobodyWaits) {
  Pool pool(2);
  auto endless = pool.submit(never_end);
  std::vector<Future<int>> futures;
  for (int i = 0; i < 10; ++i) futures.push_back(pool.submit(twice, i));
  const pid_t worker = pool.pids()[0];
  const std::string status = content("/proc/" + std::to_string(worker) + "/status");
  const pid_t nursery = std::stoi(status.substr(status.find("PPid:") + 5));
  ASSERT_EQ(::kill(nursery, SIGKILL), 0);
  EXPECT_THROW((void)endless.result(), BrokenProcessPool);
  EXPECT_THROW((void)pool.submit(twice, 1), BrokenProcessPool);
}

// PR4: nobody lives on when the pool's maker is killed.
TEST_F(PoolOfMortals, TheProcessesDieWithTheProgramHoweverItEnds) {
  const Orphans orphans;
  const Channel pids;
  Process program([&] {
    Pool pool(2);
    auto endless = pool.submit(never_end);
    for (const pid_t pid : pool.pids()) pids.send(pid);
    never_end();
  });
  program.start();
  const pid_t first = pids.receive();
  const pid_t second = pids.receive();
  program.kill();
  program.join();
  // The nursery goes, too; all three are this process's children then.
  for (int i = 0; i < 3; ++i) {
    siginfo_t info{};
    ASSERT_EQ(::waitid(P_ALL, 0, &info, WEXITED), 0);
    if (info.si_pid == first || info.si_pid == second) EXPECT_EQ(info.si_status, SIGKILL);
  }
}

TEST_F(PoolOfMortals, TheExecutorBreaksAndFailsAllThatWaits) {
  ProcessPoolExecutor executor(2);
  EXPECT_EQ(executor.submit(twice, 2).result(), 4);
  auto killed = executor.submit([] { (void)::raise(SIGKILL); });
  std::vector<Future<int>> futures;
  try {
    for (int i = 0; i < 100; ++i) futures.push_back(executor.submit(twice, i));
  } catch (const BrokenProcessPool&) {
  }
  EXPECT_THROW((void)killed.result(), BrokenProcessPool);
  for (const auto& future : futures) {
    future.wait();
    EXPECT_TRUE(future.done());
  }
  EXPECT_THROW((void)executor.submit(twice, 1), BrokenProcessPool);
}

TEST_F(PoolOfMortals, TheExecutorHealsIfToldTo) {
  ProcessPoolExecutor executor(
      {.max_workers = 1, .on_death = ProcessPoolExecutor::OnDeath::kReplace});
  auto killed = executor.submit([] { (void)::raise(SIGKILL); });
  auto next = executor.submit(twice, 3);
  EXPECT_THROW((void)killed.result(), WorkerDiedError);
  EXPECT_EQ(next.result(), 6);
}

TEST_F(PoolOfMortals, TheExecutorsShutdownWaitsOrCancels) {
  const Shared<std::atomic<int>> calls;
  static std::atomic<int>* counted = nullptr;
  counted = &*calls;
  const auto count = [] { ++*counted; };
  {
    ProcessPoolExecutor executor(2);
    for (int i = 0; i < 200; ++i) (void)executor.submit(count);
  }
  EXPECT_EQ(*calls, 200) << "leaving the scope waits";
  struct {
    const Channel begun, finish;
  } channels;
  static decltype(channels)* shared = nullptr;
  shared = &channels;
  ProcessPoolExecutor executor(1);
  auto runs = executor.submit([] {
    shared->begun.send(0);
    return shared->finish.receive();
  });
  (void)channels.begun.receive();
  std::vector<Future<void>> futures;
  for (int i = 0; i < 200; ++i) futures.push_back(executor.submit(count));
  executor.shutdown({.wait = false, .cancel_futures = true});
  EXPECT_THROW((void)executor.submit(count), RuntimeError);
  channels.finish.send(5);
  executor.shutdown();
  EXPECT_EQ(runs.result(), 5);
  int not_called = 0;
  for (const auto& future : futures) {
    not_called += future.cancelled() || future.exception_for(0s) != nullptr;
  }
  EXPECT_EQ(*calls, 400 - not_called);
  EXPECT_GT(not_called, 190);
}

// In every way, while a process dies and another thread submits: each future has an end.
TEST_F(PoolOfMortals, TheExecutorsShutdownEndsWhileAProcessDiesAndAnotherThreadSubmits) {
  using OnDeath = ProcessPoolExecutor::OnDeath;
  for (const OnDeath on_death : {OnDeath::kBreak, OnDeath::kReplace}) {
    for (const bool waits : {true, false}) {
      for (const bool cancels : {true, false}) {
        ProcessPoolExecutor executor({.max_workers = 2, .on_death = on_death});
        std::vector<Future<int>> futures;
        std::atomic<std::size_t> submitted{0};
        std::thread submitter([&] {
          try {
            for (;; ++submitted) {
              // So that what was not cancelled is soon done.
              if (submitted < 2000) futures.push_back(executor.submit(twice, 3));
              if (submitted >= 2000) executor.submit(twice, 3).wait();
            }
          } catch (const RuntimeError&) {  // it is shut down
          }
        });
        while (submitted < 20) std::this_thread::yield();
        for (const pid_t pid : executor.pids() | std::views::take(1)) (void)::kill(pid, SIGKILL);
        executor.shutdown({.wait = waits, .cancel_futures = cancels});
        submitter.join();
        executor.shutdown();
        for (const auto& future : futures) EXPECT_TRUE(future.done());
        EXPECT_TRUE(executor.pids().empty());
      }
    }
  }
}

TEST_F(PoolOfMortals, TheExecutorsMapGivesResultsInOrderAndInTime) {
  ProcessPoolExecutor executor(2);
  std::vector<int> results;
  for (const int n : executor.map(twice, numbers(30))) results.push_back(n);
  EXPECT_EQ(results, twice_each(numbers(30)));
  const Channel finish;
  static const Channel* channel = nullptr;
  channel = &finish;
  ProcessPoolExecutor waits(1);
  auto late = waits.map([](int) { return channel->receive(); }, numbers(1), 1ms);
  EXPECT_THROW((void)late.next(), TimeoutError);
  finish.send(0);
}

}  // namespace
}  // namespace weft::ipc
