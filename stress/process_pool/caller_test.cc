// What a caller may rely on that looks for its own result while it waits.
#include <gtest/gtest.h>
#include <signal.h>

#include <atomic>
#include <chrono>
#include <latch>
#include <optional>
#include <semaphore>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <tuple>
#include <vector>

#include "primitives/base/errors.h"
#include "primitives/message/codec.h"
#include "primitives/process_pool/process_pool.h"
#include "stress/process/process_for_test.h"
#include "stress/process_pool/functions.h"

namespace weft::ipc {
namespace {

using namespace std::chrono_literals;

class CallerOfAPool : public Processes {};

// Received as slowly as the test wants.
struct Slow {
  int value;
};
struct Gate {
  std::binary_semaphore reached{0};
  std::binary_semaphore open{0};
};
Gate* gate_of_slow = nullptr;

}  // namespace

template <>
struct Encoding<Slow> {
  static constexpr std::string_view kName = "Slow 1";
  using Parts = int;
  static int to_parts(const Slow& slow) { return slow.value; }
  static Slow from_parts(int value) {
    if (gate_of_slow != nullptr) {
      gate_of_slow->reached.release();
      gate_of_slow->open.acquire();
    }
    return {value};
  }
};

namespace {

// It may hold a lock that they take.
TEST_F(CallerOfAPool, IsNotTheOneWhoCallsWhatWasAddedToItsFuture) {
  Pool pool(1);
  const auto caller = std::this_thread::get_id();
  std::atomic<int> called{0};
  std::atomic<bool> waits{false};
  std::atomic<bool> called_too_early{false};
  std::atomic<bool> called_by_caller{false};
  const auto call = [&](const Future<int>& future) {
    if (!future.done()) called_too_early = true;
    if (waits && std::this_thread::get_id() == caller) called_by_caller = true;
    ++called;
  };
  std::atomic<const Future<int>*> added_to{nullptr};
  std::atomic<bool> done{false};
  std::thread adder([&] {
    while (!done) {
      if (const Future<int>* future = added_to.exchange(nullptr)) {
        future->add_done_callback(call);
      } else {
        std::this_thread::yield();
      }
    }
  });
  constexpr int kCalls = 500;
  std::vector<Future<int>> futures;
  futures.reserve(kCalls);
  for (int i = 0; i < kCalls; ++i) {
    futures.push_back(pool.submit(i % 5 == 0 ? fail_at_multiples_of_three : twice, i));
    const Future<int>& future = futures.back();
    // Before, while, and after it waits.
    if (i % 2 == 0) {
      future.add_done_callback(call);
    } else {
      added_to = &future;
    }
    waits = true;
    if (i % 15 == 0) {
      EXPECT_THROW((void)future.result(), ValueError);
    } else {
      EXPECT_EQ(future.result(), i % 5 == 0 ? i : 2 * i);
    }
    waits = false;
    while (added_to != nullptr) std::this_thread::yield();
  }
  done = true;
  adder.join();
  pool.close();
  pool.join();
  EXPECT_EQ(called, kCalls);
  EXPECT_FALSE(called_too_early);
  EXPECT_FALSE(called_by_caller);
}

// The collector is awake from one when the next one comes, or about to sleep.
TEST_F(CallerOfAPool, HasTheCollectorMakeTheEndOfEachFutureWithCallbacksKnown) {
  Pool pool(2);
  std::atomic<int> called{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 2; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 5000; ++i) {
        const auto future = pool.submit(twice, i);
        future.add_done_callback([&](const Future<int>&) { ++called; });
        ASSERT_EQ(future.result_for(30s), 2 * i);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  pool.close();
  pool.join();
  EXPECT_EQ(called, 10'000);
}

TEST_F(CallerOfAPool, IsNotTheOneWhoCallsTheCallbacksOfACall) {
  Pool pool(2);
  std::set<std::thread::id> callers;  // not guarded: they are called one at a time
  for (int i = 0; i < 500; ++i) {
    auto result = pool.apply_async(twice, std::tuple(i),
                                   [&](int) { callers.insert(std::this_thread::get_id()); });
    EXPECT_EQ(pool.apply(twice, i), 2 * i);
    EXPECT_EQ(result.get(), 2 * i);
  }
  EXPECT_EQ(callers.size(), 1U);
  EXPECT_FALSE(callers.contains(std::this_thread::get_id()));
}

TEST_F(CallerOfAPool, GetsWhatTheCallThrows) {
  Pool pool(1);
  for (int i = 0; i < 300; ++i) {
    EXPECT_EQ(message_of<ValueError>([&] { (void)pool.apply(fail_at_multiples_of_three, 3 * i); }),
              "three divides " + std::to_string(3 * i));
    EXPECT_EQ(pool.apply(twice, i), 2 * i);
  }
}

TEST_F(CallerOfAPool, TakesNothingInAForkOfThePoolsMaker) {
  const Channel finish;
  static const Channel* channel = nullptr;
  channel = &finish;
  Pool pool(1);
  for (int i = 0; i < 20; ++i) {
    auto future = pool.submit([] { return channel->receive(); });
    Process child([&] {
      finish.send(i);
      require(!future.wait_for(5ms));
    });
    child.start();
    child.join();
    EXPECT_EQ(child.exitcode(), 0);
    EXPECT_EQ(future.result_for(30s), i);
  }
}

TEST_F(CallerOfAPool, IsWaitedForByJoinWhileItDecodesItsResult) {
  for (int i = 0; i < 10; ++i) {
    Pool pool(1);
    Gate gate;
    gate_of_slow = &gate;
    std::optional<Future<Slow>> submitted;
    std::binary_semaphore is_submitted{0};
    std::thread caller([&] {
      // So that the process is awake, and this thread looks for the result when it comes.
      for (int n = 0; n < 50; ++n) (void)pool.apply(twice, n);
      submitted.emplace(pool.submit([](int n) { return Slow{n}; }, i));
      is_submitted.release();
      submitted->wait();
    });
    is_submitted.acquire();
    const Future<Slow> future = *submitted;
    gate.reached.acquire();
    pool.close();
    std::atomic<bool> joined{false};
    std::thread joins([&] {
      pool.join();
      joined = true;
    });
    // Where join() does not wait it has probably returned by then.
    EXPECT_FALSE(future.wait_for(20ms));
    EXPECT_FALSE(joined);
    gate.open.release();
    joins.join();
    EXPECT_TRUE(future.done());
    EXPECT_EQ(future.result().value, i);
    caller.join();
    gate_of_slow = nullptr;
  }
}

// So a call is done by the end of join(), also if its caller has fetched the result itself.
TEST_F(CallerOfAPool, IsThroughWithItsCallWhenThePoolIsJoined) {
  for (int round = 0; round < 20; ++round) {
    std::optional<Pool> pool(std::in_place, 1);
    std::vector<Future<int>> futures;
    std::latch some_are_done(20 + round);
    std::thread caller([&] {
      try {
        for (int i = 0;; ++i) {
          futures.push_back(pool->submit(twice, i));
          if (futures.back().result() != 2 * i) std::abort();
          if (i < 20 + round) some_are_done.count_down();
        }
      } catch (const RuntimeError&) {  // it is closed
      }
    });
    some_are_done.wait();
    pool->close();
    pool->join();
    caller.join();
    for (const auto& future : futures) EXPECT_TRUE(future.done());
    EXPECT_TRUE(pool->pids().empty());
  }
}

TEST_F(CallerOfAPool, MayWaitForAFutureWhileThePoolIsDestroyed) {
  for (int round = 0; round < 40; ++round) {
    std::optional<Pool> pool(std::in_place, 1);
    std::optional<Future<int>> future(pool->submit(twice, round));
    std::atomic<bool> begun{false};
    std::thread waits([&, copy = *future] {
      begun = true;
      if (copy.result() != 2 * round) std::abort();
    });
    while (!begun) std::this_thread::yield();
    pool.reset();
    EXPECT_TRUE(future->done());
    waits.join();
  }
}

TEST_F(CallerOfAPool, DoesNotKeepACallWaitingThatComesToItsWorkerMeanwhile) {
  Pool pool(2);
  std::atomic<int> wrong{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 5; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 300; ++i) {
        const int n = 1000 * t + i;
        auto other = pool.submit(twice, n);
        wrong += pool.apply(longer, std::to_string(n), std::size_t(i % 7 == 0 ? 300'000 : 1))
                     .compare(0, std::to_string(n).size(), std::to_string(n)) != 0;
        wrong += other.result_for(60s) != 2 * n;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
}

TEST_F(CallerOfAPool, IsServedByProcessesThatAreReplacedAfterEachCall) {
  for (const std::size_t most : {1u, 3u}) {
    Pool pool({.processes = 2, .max_tasks_per_child = most});
    std::multiset<pid_t> pids;
    for (int i = 0; i < 60; ++i) pids.insert(pool.apply(pid_of, i));
    for (const pid_t pid : pids) EXPECT_LE(pids.count(pid), most);
  }
}

// Each call ends, with its own result or with its worker, and is called at most once.
TEST_F(CallerOfAPool, GetsItsOwnResultOrThatItsProcessHasDied) {
  constexpr int kThreads = 3;
  constexpr int kMostCalls = 100'000;
  constexpr int kKills = 40;
  struct Counts {
    std::atomic<int> total, of[kThreads * kMostCalls];
  };
  const Shared<Counts> begun;
  static Counts* counts = nullptr;
  counts = &*begun;
  Pool pool(2);
  std::atomic<int> wrong{0};
  std::atomic<bool> enough{false};
  std::atomic<int> running{kThreads};
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      const auto count = [](int n) {
        ++counts->of[n];
        ++counts->total;
        return n;
      };
      for (int i = 0; i < kMostCalls && !enough; ++i) {
        const int n = t * kMostCalls + i;
        try {
          wrong += pool.apply(count, n) != n || counts->of[n] != 1;
        } catch (const WorkerDiedError&) {
          wrong += counts->of[n] > 1;
        }
      }
      --running;
    });
  }
  int at_last_kill = 0;
  for (std::size_t kills = 0; kills < kKills && running > 0;) {
    std::this_thread::yield();
    // Some calls are done in between, so that the pool is not taken for one whose processes die
    // without doing anything.
    if (begun->total < at_last_kill + 20) continue;
    const std::vector<pid_t> pids = pool.pids();
    if (pids.empty()) continue;
    at_last_kill = begun->total;
    (void)::kill(pids[++kills % pids.size()], SIGKILL);
  }
  enough = true;
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace weft::ipc
