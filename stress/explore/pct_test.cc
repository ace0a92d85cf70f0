// PCT finds what needs few orderings with the frequency that its paper guarantees, where the random
// walk does not. The programs are of the kind of the paper's examples: one thread does much, the
// other little, and the little must come at one place.
//
// Burckhardt, Kothari, Musuvathi, Nagarakatte: "A Randomized Scheduler with Probabilistic
// Guarantees of Finding Bugs", ASPLOS 2010, sections 2 and 3.
#include "stress/explore/pct.h"

#include <gtest/gtest.h>

#include <atomic>
#include <cmath>
#include <thread>

#include "stress/explore/explored_for_test.h"
#include "stress/explore/random_walk.h"

namespace weft::explore {
namespace {

constexpr int kWork = 40;
// At most so many steps have a choice; Pct assumes 64 at least.
constexpr double kSteps = 64;
constexpr double kThreads = 3;  // the root counts

void work(std::atomic<int>& variable) {
  for (int i = 0; i < kWork; ++i) variable.fetch_add(1);
}

// One ordering: the short thread's only step after all of the other's.
bool short_one_is_last() {
  std::atomic<int> worked{0};
  bool hit = false;
  std::thread one([&] { work(worked); });
  std::thread other([&] { hit = worked.fetch_add(1000) == kWork; });
  one.join();
  other.join();
  return hit;
}

// Two: after the first store, before the second.
bool work_fits_between_stores() {
  std::atomic<int> state{0}, worked{0};
  bool hit = false;
  std::thread one([&] {
    state.store(1);
    state.store(2);
  });
  std::thread other([&] {
    work(worked);
    hit = state.load() == 1;
  });
  one.join();
  other.join();
  return hit;
}

// Three: the second store, moreover, between two loads.
bool store_falls_between_loads() {
  std::atomic<int> state{0}, worked{0};
  bool hit = false;
  std::thread one([&] {
    state.store(1);
    state.store(2);
  });
  std::thread other([&] {
    work(worked);
    const int first = state.load();
    hit = first == 1 && state.load() == 2;
  });
  one.join();
  other.join();
  return hit;
}

unsigned hits(bool (*body)(), Strategy& strategy, unsigned executions) {
  unsigned count = 0;
  const auto counting = [&] {
    if (!body()) return;
    const Outside outside;
    ++count;
  };
  for (unsigned i = 0; i < executions; ++i) {
    const OneExecution one = explore_once(counting, strategy, i, {.spurious = 0});
    EXPECT_EQ(one.finding, Finding::kNone);
  }
  return count;
}

// Fewer hits come with a probability below 1e-9, if each execution hits with the guaranteed one:
// P(hits <= (1 - x) mean) <= exp(-x^2 mean / 2) (Chernoff).
unsigned least_hits(unsigned depth, unsigned executions) {
  const double mean = executions / (kThreads * std::pow(kSteps, depth - 1));
  const double x = std::sqrt(2 * 9 * std::log(10) / mean);
  EXPECT_LT(x, 1) << "too few executions to tell anything";
  return static_cast<unsigned>((1 - x) * mean);
}

struct Case {
  const char* name;
  bool (*body)();
  unsigned depth;
  unsigned executions;
};

class Depth : public testing::TestWithParam<Case> {};

TEST_P(Depth, IsFoundAsOftenAsGuaranteed) {
  const auto& [name, body, depth, executions] = GetParam();
  Pct pct(depth);
  EXPECT_GE(hits(body, pct, executions), least_hits(depth, executions));
}

TEST_P(Depth, IsMissedByTheRandomWalk) {
  RandomWalk walk;
  EXPECT_EQ(hits(GetParam().body, walk, GetParam().executions), 0u);
}

TEST_P(Depth, IsMissedByASmallerDepth) {
  if (GetParam().depth == 1) return;
  Pct pct(GetParam().depth - 1);
  EXPECT_EQ(hits(GetParam().body, pct, GetParam().executions), 0u);
}

INSTANTIATE_TEST_SUITE_P(Pct, Depth,
                         testing::Values(Case{"One", short_one_is_last, 1, 2'000},
                                         Case{"Two", work_fits_between_stores, 2, 40'000},
                                         Case{"Three", store_falls_between_loads, 3, 600'000}),
                         [](const auto& each) { return std::string(each.param.name); });

}  // namespace
}  // namespace weft::explore
