// What a pool of processes does while they live.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <memory>
#include <ranges>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <tuple>
#include <vector>

#include "primitives/base/errors.h"
#include "primitives/process_pool/process_pool.h"
#include "stress/process/process_for_test.h"
#include "stress/process_pool/functions.h"

namespace weft::ipc {
namespace {

using namespace std::chrono_literals;

class ProcessPool : public Processes {};

TEST_F(ProcessPool, MapGivesResultsInTheOrderOfTheInputForEveryChunkAndNumberOfProcesses) {
  for (const std::size_t processes : {1u, 2u, 5u}) {
    Pool pool(processes);
    EXPECT_EQ(pool.pids().size(), processes);
    for (const int count : {0, 1, 7, 10, 500}) {
      for (const std::size_t chunk : {0u, 1u, 4u, 1000u}) {
        EXPECT_EQ(pool.map(twice, numbers(count), chunk), twice_each(numbers(count)))
            << count << " in chunks of " << chunk << " by " << processes;
      }
    }
  }
}

TEST_F(ProcessPool, CallsInOtherProcesses) {
  Pool pool(2);
  const std::vector<pid_t> pids = pool.pids();
  const std::set<pid_t> known(pids.begin(), pids.end());
  for (const pid_t pid : pool.map(pid_of, numbers(50), 1)) EXPECT_TRUE(known.contains(pid));
  EXPECT_FALSE(known.contains(::getpid()));
}

TEST_F(ProcessPool, CallsFunctionsAndLambdasWithoutCaptures) {
  Pool pool(1);
  EXPECT_EQ(pool.apply(twice, 21), 42);
  EXPECT_EQ(pool.apply(&twice, 21), 42);
  EXPECT_EQ(pool.apply([](int a, int b) { return a - b; }, 5, 3), 2);
  EXPECT_EQ(pool.apply(longer, "abc", 2), "abcxx");
  pool.apply([](const std::string&) {}, "returns nothing");
  EXPECT_EQ(pool.apply([](std::vector<std::string>&& all) { return all.back(); },
                       std::vector<std::string>{"a", "b"}),
            "b");
}

class NotKnown : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

TEST_F(ProcessPool, AnExceptionArrivesAsItsTypeOrSaysItsType) {
  Pool pool(1);
  EXPECT_EQ(message_of<ValueError>([&] { (void)pool.apply(fail_at_multiples_of_three, 9); }),
            "three divides 9");
  EXPECT_THROW((void)pool.apply([](int n) { return std::vector<int>{}.at(n); }, 1),
               std::out_of_range);
  try {
    pool.apply([] { throw NotKnown("here"); });
    ADD_FAILURE() << "nothing was thrown";
  } catch (const RemoteError& error) {
    EXPECT_NE(error.type().find("NotKnown"), std::string::npos) << error.type();
    EXPECT_EQ(error.what(), error.type() + ": here");
  }
  EXPECT_THROW(pool.apply([] { throw 1; }), RemoteError);
  EXPECT_EQ(pool.apply(twice, 1), 2) << "the process lives on";
}

TEST_F(ProcessPool, MapThrowsTheFirstFailureInTheOrderOfTheInputWhenAllAreDone) {
  Pool pool(2);
  const Shared<std::atomic<int>> calls;
  static std::atomic<int>* counted = nullptr;
  counted = &*calls;
  Pool counting({.processes = 2});
  const auto fail_late = [](int n) {
    ++*counted;
    return fail_at_multiples_of_three(n + 1);
  };
  for (const std::size_t chunk : {1u, 3u, 100u}) {
    calls->store(0);
    EXPECT_EQ(message_of<ValueError>([&] { (void)counting.map(fail_late, numbers(20), chunk); }),
              "three divides 3");
    EXPECT_EQ(*calls, 20);
  }
}

TEST_F(ProcessPool, StarmapSpreadsTuplesAndMapOfNothingReturnsNothing) {
  Pool pool(2);
  const std::vector<std::tuple<std::string, std::size_t>> inputs{{"a", 1}, {"b", 0}};
  EXPECT_EQ(pool.starmap(longer, inputs), (std::vector<std::string>{"ax", "b"}));
  pool.map([](int) {}, numbers(9));
  EXPECT_THROW(pool.map([](int n) { (void)fail_at_multiples_of_three(n); }, numbers(9)),
               ValueError);
}

TEST_F(ProcessPool, OneCallbackIsCalledBeforeTheResultIsReady) {
  Pool pool(2);
  std::atomic<int> value{0};
  std::atomic<int> failures{0};
  const auto keep = [&](int n) { value = n; };
  const auto count = [&](const std::exception_ptr&) { ++failures; };
  auto good = pool.apply_async(twice, std::tuple(4), keep, count);
  EXPECT_EQ(good.get(), 8);
  EXPECT_EQ(value, 8);
  EXPECT_TRUE(good.successful());
  auto bad = pool.apply_async(fail_at_multiples_of_three, std::tuple(3), keep, count);
  EXPECT_THROW((void)bad.get(), ValueError);
  EXPECT_EQ(failures, 1);
  EXPECT_EQ(value, 8);
  auto all = pool.map_async(
      twice, numbers(3), 1, [&](const std::vector<int>& all) { value = all[2]; }, count);
  all.wait();
  EXPECT_EQ(value, 4);
  EXPECT_EQ(failures, 1);
}

TEST_F(ProcessPool, AMapOfTuplesAndOneThatFailsCallOneCallbackOnce) {
  Pool pool(2);
  EXPECT_EQ(pool.processes(), 2U);
  std::atomic<int> values{0};
  std::atomic<int> failures{0};
  const auto value = [&](const auto&) { ++values; };
  const auto failure = [&](const std::exception_ptr&) { ++failures; };
  const std::vector<std::tuple<std::string, std::size_t>> inputs{{"a", 1}, {"b", 0}};
  auto good = pool.starmap_async(longer, inputs, 1, value, failure);
  EXPECT_EQ(good.get(), (std::vector<std::string>{"ax", "b"}));
  auto bad = pool.map_async(fail_at_multiples_of_three, numbers(9), 1, value, failure);
  EXPECT_THROW((void)bad.get(), ValueError);
  EXPECT_EQ(values, 1);
  EXPECT_EQ(failures, 1);
}

TEST_F(ProcessPool, JoinInACallbackIsAnError) {
  Pool pool(1);
  std::atomic<int> refused{0};
  auto result = pool.apply_async(twice, std::tuple(1), [&](int) {
    pool.close();
    try {
      pool.join();
    } catch (const RuntimeError&) {
      ++refused;
    }
  });
  EXPECT_EQ(result.get(), 2);
  EXPECT_EQ(refused, 1);
}

TEST_F(ProcessPool, AResultThatIsNotReadySaysSo) {
  const Channel finish;
  static const Channel* channel = nullptr;
  channel = &finish;
  Pool pool(1);
  auto result = pool.apply_async([] { return channel->receive(); });
  EXPECT_FALSE(result.ready());
  EXPECT_THROW((void)result.successful(), ValueError);
  EXPECT_THROW((void)result.get_for(1ms), TimeoutError);
  finish.send(3);
  EXPECT_EQ(result.get(), 3);
}

TEST_F(ProcessPool, ImapGivesResultsOneByOneAndGoesOnAfterAFailure) {
  Pool pool(2);
  std::vector<int> got;
  for (const int n : pool.imap(twice, std::views::iota(0))) {
    got.push_back(n);
    if (n == 100) break;
  }
  EXPECT_EQ(got, twice_each(numbers(51))) << "of an endless input";

  auto results = pool.imap(fail_at_multiples_of_three, numbers(5), 2);
  EXPECT_THROW((void)results.next(), ValueError);
  EXPECT_EQ(results.next(), 1);
  EXPECT_EQ(results.next(), 2);
  EXPECT_THROW((void)results.next(), ValueError);
  EXPECT_EQ(results.next(), 4);
  EXPECT_EQ(results.next(), std::nullopt);

  std::multiset<int> any_order;
  for (const int n : pool.imap_unordered(twice, numbers(30), 4)) any_order.insert(n);
  const std::vector<int> all = twice_each(numbers(30));
  EXPECT_EQ(any_order, std::multiset<int>(all.begin(), all.end()));
}

TEST_F(ProcessPool, MessagesMayBeLongerThanTheRingInBothDirections) {
  Pool pool(2);
  for (const std::size_t size : {1u, 65535u, 65536u, 65537u, 262144u, 10u << 20}) {
    const std::string text(size, 'a');
    std::vector<Future<std::string>> futures;
    for (int i = 0; i < 4; ++i) futures.push_back(pool.submit(longer, text, size));
    for (const auto& future : futures) {
      ASSERT_EQ(future.result().size(), 2 * size);
      EXPECT_EQ(future.result()[size - 1], 'a');
      EXPECT_EQ(future.result()[size], 'x');
    }
  }
  EXPECT_EQ(pool.apply(length, std::string(3 << 20, 'b')), std::size_t{3} << 20);
}

// Sent as what may refuse.
struct Odd {
  int value;
};

}  // namespace

template <>
struct Encoding<Odd> {
  static constexpr std::string_view kName = "Odd 1";
  using Parts = int;
  static int to_parts(const Odd& odd) {
    if (odd.value == 0) throw ValueError("this one cannot be sent");
    return odd.value;
  }
  static Odd from_parts(int value) {
    if (value == 1) throw ValueError("this one cannot be made");
    return {value};
  }
};

namespace {

TEST_F(ProcessPool, WhatCannotBeSentFailsItsOwnCallAlone) {
  Pool pool(1);
  const auto make = [](int n) { return Odd{n}; };
  const auto take = [](Odd odd) { return odd.value; };
  EXPECT_EQ(pool.apply(make, 5).value, 5);
  EXPECT_THROW((void)pool.apply(make, 0), ValueError) << "the result, in the worker";
  EXPECT_THROW((void)pool.apply(make, 1), std::exception) << "the result, here";
  EXPECT_THROW((void)pool.submit(take, Odd{0}), ValueError) << "the argument, here";
  EXPECT_THROW((void)pool.apply(take, Odd{1}), std::exception) << "the argument, in the worker";
  EXPECT_EQ(pool.apply(take, Odd{7}), 7);
}

TEST_F(ProcessPool, CodeThatWasLoadedLaterIsRefused) {
  Pool pool(1);
  const auto memory = std::make_unique<int>();
  const auto unknown = reinterpret_cast<int (*)(int)>(memory.get());
  EXPECT_THROW((void)pool.submit(unknown, 1), ValueError);
  static int data = 0;
  const auto no_code = reinterpret_cast<int (*)(int)>(&data);
  EXPECT_THROW((void)pool.submit(no_code, 1), ValueError);
  EXPECT_EQ(pool.apply(twice, 1), 2);
}

TEST_F(ProcessPool, NoTaskWaitsBehindALongOneWhileAProcessIsIdle) {
  const Channel finish;
  static const Channel* channel = nullptr;
  channel = &finish;
  Pool pool(2);
  // So that much is given ahead.
  (void)pool.map(twice, numbers(2000), 1);
  std::vector<Future<int>> futures;
  for (int round = 0; round < 20; ++round) {
    auto waits = pool.submit([] { return channel->receive(); });
    futures.clear();
    for (int i = 0; i < 200; ++i) futures.push_back(pool.submit(twice, i));
    for (int i = 0; i < 200; ++i) EXPECT_EQ(futures[static_cast<std::size_t>(i)].result(), 2 * i);
    EXPECT_FALSE(waits.done());
    finish.send(round);
    EXPECT_EQ(waits.result(), round);
  }
}

TEST_F(ProcessPool, EachOfManyThreadsGetsItsOwnResults) {
  Pool pool(2);
  std::atomic<int> wrong{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 200; ++i) wrong += pool.apply(twice, 1000 * t + i) != 2 * (1000 * t + i);
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
}

// Far more than the rings hold, before a result is looked at.
TEST_F(ProcessPool, TakesVeryManyTasksAtOnce) {
  constexpr int kTasks = 200'000;
  Pool pool(2);
  const std::vector<int> results = pool.map(twice, numbers(kTasks), 1);
  ASSERT_EQ(results.size(), std::size_t{kTasks});
  for (int i = 0; i < kTasks; ++i) ASSERT_EQ(results[static_cast<std::size_t>(i)], 2 * i);
}

TEST_F(ProcessPool, TheInitializerRunsFirstInEachProcess) {
  static int begun = 0;
  const Shared<std::atomic<int>> processes;
  Pool pool({.processes = 3, .initializer = [&] {
               begun = 1;
               ++*processes;
             }});
  for (const int seen : pool.map([](int) { return begun; }, numbers(50), 1)) EXPECT_EQ(seen, 1);
  EXPECT_EQ(*processes, 3);
  EXPECT_EQ(begun, 0) << "not here";
}

TEST_F(ProcessPool, AProcessThatHasDoneItsShareIsReplaced) {
  for (const std::size_t processes : {1u, 2u, 3u}) {
    for (const std::size_t most : {1u, 2u, 7u}) {
      Pool pool({.processes = processes, .max_tasks_per_child = most});
      std::multiset<pid_t> pids;
      for (const pid_t pid : pool.map(pid_of, numbers(40), 1)) pids.insert(pid);
      ASSERT_EQ(pids.size(), 40u);
      for (const pid_t pid : pids) EXPECT_LE(pids.count(pid), most);
    }
  }
}

TEST_F(ProcessPool, JoinWaitsForAllThatWasSubmitted) {
  const Shared<std::atomic<int>> calls;
  static std::atomic<int>* counted = nullptr;
  counted = &*calls;
  Pool pool(2);
  EXPECT_THROW(pool.join(), ValueError) << "before close()";
  for (int i = 0; i < 300; ++i) (void)pool.submit([] { ++*counted; });
  pool.close();
  EXPECT_THROW((void)pool.submit(twice, 1), RuntimeError);
  EXPECT_THROW((void)pool.map(twice, numbers(0)), RuntimeError);
  pool.join();
  EXPECT_EQ(*calls, 300);
  EXPECT_TRUE(pool.pids().empty());
  pool.close();
  pool.join();
}

TEST_F(ProcessPool, TerminateEndsEverythingAtOnce) {
  Pool pool(2);
  auto endless = pool.submit(never_end);
  auto also = pool.submit(never_end);
  std::vector<Future<int>> waiting;
  for (int i = 0; i < 10; ++i) waiting.push_back(pool.submit(twice, i));
  pool.terminate();
  pool.join();
  EXPECT_THROW((void)endless.result(), CancelledError);
  EXPECT_THROW((void)also.result(), CancelledError);
  for (const auto& future : waiting) EXPECT_THROW((void)future.result(), CancelledError);
  EXPECT_TRUE(pool.pids().empty());
}

TEST_F(ProcessPool, AFutureThatIsCancelledInTimeIsNeverCalled) {
  const Shared<std::atomic<int>> calls;
  static std::atomic<int>* counted = nullptr;
  counted = &*calls;
  const Channel finish;
  static const Channel* channel = nullptr;
  channel = &finish;
  Pool pool(1);
  std::vector<Future<int>> first;
  for (int i = 0; i < 2; ++i) first.push_back(pool.submit([] { return channel->receive(); }));
  std::vector<Future<void>> futures;
  int cancelled = 0;
  for (int i = 0; i < 300; ++i) futures.push_back(pool.submit([] { ++*counted; }));
  for (auto& future : futures) cancelled += future.cancel() ? 1 : 0;
  for (int i = 0; i < 2; ++i) finish.send(0);
  pool.close();
  pool.join();
  EXPECT_EQ(*calls, 300 - cancelled);
  EXPECT_GT(cancelled, 0);
}

TEST_F(ProcessPool, CannotBeUsedByAChildOfItsMaker) {
  Pool pool(1);
  Process child([&] {
    try {
      (void)pool.submit(twice, 1);
    } catch (const RuntimeError&) {
      return;
    }
    require(false);
  });
  child.start();
  child.join();
  EXPECT_EQ(child.exitcode(), 0);
  EXPECT_EQ(pool.apply(twice, 2), 4) << "and is as before in its maker";
}

TEST_F(ProcessPool, NeedsAProcess) { EXPECT_THROW(Pool(0), ValueError); }

}  // namespace
}  // namespace weft::ipc
