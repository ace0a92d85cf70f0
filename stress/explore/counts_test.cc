// Every interleaving of tiny programs, written out or counted by hand.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "stress/explore/exhaustive.h"
#include "stress/explore/explored_for_test.h"

namespace weft::explore {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;

struct All {
  std::set<std::string> traces;
  std::set<Finding> findings;
  unsigned executions = 0;  // but for those that the strategy knows to be redundant
};

template <class Body>
All explore_all(const Body& body, unsigned preemptions = Exhaustive::kNoBound) {
  constexpr unsigned kTooMany = 200'000;
  Exhaustive strategy(preemptions);
  All all;
  for (bool exhausted = false; !exhausted;) {
    const OneExecution one = explore_once(body, strategy, 0, {.spurious = 0, .record = true});
    exhausted = one.exhausted;
    all.findings.insert(one.finding);
    if (!strategy.is_redundant()) {
      ++all.executions;
      all.traces.insert(one.trace);
    }
    if (all.executions == kTooMany) {
      ADD_FAILURE() << "the search does not end";
      break;
    }
  }
  return all;
}

// Threads that run the same function with their own index.
template <class F>
auto threads(unsigned count, const F& function) {
  return [=] {
    std::atomic<int> shared[2] = {};
    std::thread made[3];
    for (unsigned i = 0; i < count; ++i) {
      made[i] = std::thread([&, i] { function(shared, i); });
    }
    for (unsigned i = 0; i < count; ++i) made[i].join();
  };
}

auto adders(unsigned count, int additions) {
  return threads(count, [=](std::atomic<int>* shared, unsigned) {
    for (int i = 0; i < additions; ++i) shared[0].fetch_add(1);
  });
}

// The twin: every order of the letters of each thread, with at most so many preemptions.
std::set<std::string> orders(unsigned count, int steps, unsigned preemptions) {
  constexpr char kFirst[] = {'a', 'A', '0'};
  std::string owners;
  for (unsigned i = 0; i < count; ++i) owners += std::string(steps, static_cast<char>('0' + i));
  std::set<std::string> found;
  do {
    std::string trace;
    std::vector<int> done(count);
    unsigned preempted = 0;
    for (std::size_t i = 0; i < owners.size(); ++i) {
      const auto owner = static_cast<unsigned>(owners[i] - '0');
      trace += static_cast<char>(kFirst[owner] + done[owner]++);
      const bool leaves = i + 1 < owners.size() && owners[i + 1] != owners[i];
      if (leaves && done[owner] < steps) ++preempted;
    }
    if (preempted <= preemptions) found.insert(trace);
  } while (std::next_permutation(owners.begin(), owners.end()));
  return found;
}

TEST(Interleavings, OfTwoStoresEach) {
  const All all = explore_all(threads(2, [](std::atomic<int>* shared, unsigned thread) {
    shared[0].store(static_cast<int>(thread));
    shared[0].store(static_cast<int>(thread));
  }));
  EXPECT_THAT(all.traces, ElementsAre("ABab", "AaBb", "AabB", "aABb", "aAbB", "abAB"));
  EXPECT_EQ(all.executions, 6u);
}

TEST(Interleavings, OfFiveAdditionsEachAreTenChooseFive) {
  const All all = explore_all(adders(2, 5));
  EXPECT_THAT(all.traces, SizeIs(252));
  EXPECT_EQ(all.traces, orders(2, 5, 9));
  EXPECT_EQ(all.executions, 252u);
}

TEST(Interleavings, OfThreeThreadsAreMultinomial) {
  const All all = explore_all(adders(3, 2));
  EXPECT_THAT(all.traces, SizeIs(90)) << "6! / (2! 2! 2!)";
  EXPECT_EQ(all.executions, 90u);
}

TEST(Interleavings, OfIndependentVariablesAreOne) {
  const All all = explore_all(threads(2, [](std::atomic<int>* shared, unsigned thread) {
    for (int i = 0; i < 3; ++i) shared[thread].fetch_add(1);
  }));
  EXPECT_EQ(all.executions, 1u);
}

TEST(Interleavings, OfLoadsAloneAreOne) {
  const All all = explore_all(threads(3, [](std::atomic<int>* shared, unsigned) {
    shared[0].load();
    shared[1].load();
  }));
  EXPECT_EQ(all.executions, 1u);
}

// Each variable is stored to before or after the other thread loads it; that both loads come first
// is the one combination of four that no order gives.
TEST(Interleavings, OfStoreThenLoadOfTheOtherAreThree) {
  const All all = explore_all(threads(2, [](std::atomic<int>* shared, unsigned thread) {
    shared[thread].store(1);
    shared[1 - thread].load();
  }));
  EXPECT_EQ(all.executions, 3u);
}

TEST(Interleavings, OfCriticalSectionsAreTheOrdersOfTheLock) {
  const All all = explore_all([] {
    std::mutex mutex;
    std::thread made[3];
    for (std::thread& thread : made) {
      thread = std::thread([&] { const std::lock_guard lock(mutex); });
    }
    for (std::thread& thread : made) thread.join();
  });
  EXPECT_EQ(all.executions, 6u) << "3!";
}

TEST(Interleavings, AreAsManyOnKernelThreads) {
  use_kernel_threads(true);
  EXPECT_EQ(explore_all(adders(2, 2)).executions, 6u);
  EXPECT_EQ(explore_all(adders(3, 2)).traces, orders(3, 2, 5));
  use_kernel_threads(false);
}

TEST(Preemptions, ABoundLeavesTheInterleavingsWithNoMore) {
  EXPECT_THAT(explore_all(adders(2, 2), 0).traces, ElementsAre("ABab", "abAB"));
  EXPECT_THAT(explore_all(adders(2, 2), 1).traces, ElementsAre("ABab", "AabB", "aABb", "abAB"));
  EXPECT_THAT(explore_all(adders(2, 2), 2).traces,
              ElementsAre("ABab", "AaBb", "AabB", "aABb", "aAbB", "abAB"));
}

TEST(Preemptions, ABoundLeavesWhatItsTwinCounts) {
  for (unsigned bound = 0; bound <= 4; ++bound) {
    EXPECT_EQ(explore_all(adders(2, 4), bound).traces, orders(2, 4, bound)) << "bound " << bound;
  }
  for (unsigned bound = 0; bound <= 2; ++bound) {
    EXPECT_EQ(explore_all(adders(3, 2), bound).traces, orders(3, 2, bound)) << "bound " << bound;
  }
}

// The root's own steps go on without a preemption, too: what it makes need not run at once.
TEST(Preemptions, MakingAThreadIsNone) {
  std::set<int> seen;
  const auto body = [&] {
    std::atomic<int> shared{0};
    std::thread other([&] { shared.fetch_add(1); });
    const int value = shared.load();
    other.join();
    const Outside outside;
    seen.insert(value);
  };
  explore_all(body, 0);
  EXPECT_THAT(seen, ElementsAre(0));
  explore_all(body, 1);
  EXPECT_THAT(seen, ElementsAre(0, 1));
}

// Each takes one lock and then the other: one switch between the two.
TEST(Preemptions, LocksInBothOrdersDeadlockWithOne) {
  const auto body = [] {
    std::mutex left, right;
    std::thread one([&] {
      const std::lock_guard first(left);
      const std::lock_guard second(right);
    });
    std::thread other([&] {
      const std::lock_guard first(right);
      const std::lock_guard second(left);
    });
    one.join();
    other.join();
  };
  EXPECT_THAT(explore_all(body, 0).findings, ElementsAre(Finding::kNone));
  EXPECT_THAT(explore_all(body, 1).findings, ElementsAre(Finding::kNone, Finding::kDeadlock));
}

// The second takes its locks only if it looks while the flag is up, which needs a switch; and
// between its locks another.
TEST(Preemptions, ADeadlockBehindAFlagNeedsTwo) {
  const auto body = [] {
    std::mutex left, right;
    std::atomic<bool> flag{false};
    std::thread one([&] {
      flag.store(true);
      flag.store(false);
      const std::lock_guard first(left);
      const std::lock_guard second(right);
    });
    std::thread other([&] {
      if (!flag.load()) return;
      const std::lock_guard first(right);
      const std::lock_guard second(left);
    });
    one.join();
    other.join();
  };
  EXPECT_THAT(explore_all(body, 0).findings, ElementsAre(Finding::kNone));
  EXPECT_THAT(explore_all(body, 1).findings, ElementsAre(Finding::kNone));
  EXPECT_THAT(explore_all(body, 2).findings, ElementsAre(Finding::kNone, Finding::kDeadlock));
  EXPECT_THAT(explore_all(body).findings, ElementsAre(Finding::kNone, Finding::kDeadlock));
}

}  // namespace
}  // namespace weft::explore
