// What every random strategy owes: each outcome is reached, and an execution is a function of the
// seed and the executions before.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "stress/explore/explored_for_test.h"
#include "stress/explore/pct.h"
#include "stress/explore/places.h"
#include "stress/explore/pos.h"
#include "stress/explore/random_walk.h"
#include "stress/explore/surw.h"

namespace weft::explore {
namespace {

using ::testing::ElementsAre;

template <class S, unsigned... kArguments>
OneExecution with(void (*body)(), std::uint64_t seed, bool anew) {
  static std::unique_ptr<S> strategy;
  if (anew || strategy == nullptr) strategy = std::make_unique<S>(kArguments...);
  return explore_once(body, *strategy, seed, {.spurious = 0, .record = true});
}

struct Case {
  const char* name;
  bool is_bounded;  // to few changes of the order of threads
  OneExecution (*run)(void (*body)(), std::uint64_t seed, bool anew);
};

class Random : public testing::TestWithParam<Case> {};

std::multiset<int> seen;  // by the bodies

void see(int value) {
  const Outside outside;
  seen.insert(value);
}

std::set<std::string> traces_of(void (*body)(), const Case& strategy, unsigned executions) {
  std::set<std::string> traces;
  for (unsigned i = 0; i < executions; ++i) {
    const OneExecution one = strategy.run(body, i, i == 0);
    EXPECT_EQ(one.finding, Finding::kNone);
    traces.insert(one.trace);
  }
  return traces;
}

void three_adders() {
  std::atomic<int> shared{0};
  std::thread threads[3];
  for (std::thread& thread : threads) {
    thread = std::thread([&] {
      shared.fetch_add(1);
      shared.fetch_add(1);
    });
  }
  for (std::thread& thread : threads) thread.join();
}

TEST_P(Random, ReachesEveryInterleaving) {
  const auto traces = traces_of(three_adders, GetParam(), 10'000);
  constexpr std::size_t kAll = 90;  // 6! / (2! 2! 2!)
  if (GetParam().is_bounded) {
    EXPECT_GT(traces.size(), kAll / 2);
    EXPECT_LE(traces.size(), kAll);
  } else {
    EXPECT_EQ(traces.size(), kAll);
  }
}

// Both additions may be lost, or none.
void lost_updates() {
  std::atomic<int> shared{0};
  const auto add_twice = [&] {
    for (int i = 0; i < 2; ++i) {
      const int value = shared;
      shared = value + 1;
    }
  };
  std::thread one(add_twice);
  std::thread other(add_twice);
  one.join();
  other.join();
  see(shared);
}

TEST_P(Random, ReachesEveryOutcome) {
  seen.clear();
  traces_of(lost_updates, GetParam(), 2'000);
  EXPECT_THAT(std::set(seen.begin(), seen.end()), ElementsAre(2, 3, 4));
}

// Locks, a condition, and a thread that is there only later.
void meeting() {
  std::mutex mutex;
  std::condition_variable changed;
  int arrived = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 3; ++i) {
    threads.emplace_back([&] {
      std::unique_lock lock(mutex);
      if (++arrived == 3) {
        lock.unlock();
        changed.notify_all();
        return;
      }
      changed.wait(lock, [&] { return arrived == 3; });
    });
  }
  for (std::thread& thread : threads) thread.join();
}

TEST_P(Random, IsAFunctionOfItsSeeds) {
  std::vector<std::string> first;
  for (unsigned round = 0; round < 2; ++round) {
    for (unsigned i = 0; i < 300; ++i) {
      const OneExecution one = GetParam().run(meeting, i * 17, i == 0);
      EXPECT_EQ(one.finding, Finding::kNone);
      if (round == 0) {
        first.push_back(one.trace);
      } else {
        ASSERT_EQ(one.trace, first[i]) << "execution " << i;
      }
    }
  }
  EXPECT_GT(std::set(first.begin(), first.end()).size(), 5u);
}

INSTANTIATE_TEST_SUITE_P(, Random,
                         testing::Values(Case{"Walk", false, with<RandomWalk>},
                                         Case{"Pct", true, with<Pct, 16>},
                                         Case{"Pos", false, with<Pos>},
                                         Case{"Surw", false, with<Surw>},
                                         Case{"Places", false, with<Places>}),
                         [](const auto& each) { return std::string(each.param.name); });

}  // namespace
}  // namespace weft::explore
