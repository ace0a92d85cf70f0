// The selectively uniform random walk samples interleavings uniformly, where the random walk does
// not; and it finds what depends on one object among many operations on others.
//
// Zhao, Wolff, Mathur, Roychoudhury: "Selectively Uniform Concurrency Testing", ASPLOS 2025,
// sections 3 and 4.
#include "stress/explore/surw.h"

#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <set>
#include <string>
#include <thread>

#include "stress/explore/explored_for_test.h"
#include "stress/explore/random_walk.h"

namespace weft::explore {
namespace {

constexpr unsigned kExecutions = 20'000;

// Two threads that add to the one variable, five and three times.
void five_and_three() {
  std::atomic<int> shared{0};
  std::thread long_one([&] {
    for (int i = 0; i < 5; ++i) shared.fetch_add(1);
  });
  std::thread short_one([&] {
    for (int i = 0; i < 3; ++i) shared.fetch_add(1);
  });
  long_one.join();
  short_one.join();
}
constexpr unsigned kInterleavings = 56;  // 8! / (5! 3!)
// A chi-square variable of 55 degrees of freedom is above it with probability 0.001.
constexpr double kCritical = 93.17;

// The first makes a thread between its two steps, and waits for it.
void three_threads() {
  std::atomic<int> shared{0};
  std::thread maker([&] {
    shared.fetch_add(1);
    std::thread made([&] {
      shared.fetch_add(1);
      shared.fetch_add(1);
    });
    shared.fetch_add(1);
    made.join();
  });
  std::thread other([&] {
    for (int i = 0; i < 3; ++i) shared.fetch_add(1);
  });
  maker.join();
  other.join();
}

std::map<std::string, unsigned> histogram(void (*body)(), Strategy& strategy) {
  std::map<std::string, unsigned> counts;
  // The first ones are to learn how much each thread does.
  constexpr unsigned kLearning = 4;
  for (unsigned i = 0; i < kExecutions + kLearning; ++i) {
    const OneExecution one = explore_once(body, strategy, i, {.spurious = 0, .record = true});
    if (i >= kLearning) ++counts[one.trace];
  }
  return counts;
}

double chi_square(const std::map<std::string, unsigned>& counts, unsigned kinds) {
  const double expected = double(kExecutions) / kinds;
  double sum = expected * double(kinds - counts.size());  // of those never seen
  for (const auto& [trace, count] : counts) {
    sum += (count - expected) * (count - expected) / expected;
  }
  return sum;
}

TEST(Surw, SamplesInterleavingsUniformly) {
  Surw urw(Surw::Matters::kAll);
  const auto counts = histogram(five_and_three, urw);
  EXPECT_EQ(counts.size(), kInterleavings);
  EXPECT_LT(chi_square(counts, kInterleavings), kCritical);
}

TEST(Surw, IsUniformWhereOneObjectMatters) {
  Surw surw;
  const auto counts = histogram(five_and_three, surw);
  EXPECT_EQ(counts.size(), kInterleavings);
  EXPECT_LT(chi_square(counts, kInterleavings), kCritical);
}

// So the tests above can fail.
TEST(Surw, TheRandomWalkIsNotUniform) {
  RandomWalk walk;
  const auto counts = histogram(five_and_three, walk);
  EXPECT_GT(chi_square(counts, kInterleavings), 10 * kCritical);
}

// Orders of the additions: the maker's second one and the two of the thread that it has made, 3;
// and the other thread's three among those and the maker's first, C(7, 3) = 35. What a thread does
// to wait for another is no part of the order.
TEST(Surw, CountsWhatAThreadMakes) {
  constexpr unsigned kKinds = 105;
  constexpr double kCriticalOf104 = 154.3;
  const auto additions = [](const std::map<std::string, unsigned>& counts) {
    std::map<std::string, unsigned> of_additions;
    for (const auto& [trace, count] : counts) {
      std::string without = trace;
      std::erase_if(without, [](char c) { return c == 'd' || c == 'e'; });  // the maker's join
      of_additions[without] += count;
    }
    return of_additions;
  };
  Surw urw(Surw::Matters::kAll);
  const auto counts = additions(histogram(three_threads, urw));
  EXPECT_EQ(counts.size(), kKinds);
  EXPECT_LT(chi_square(counts, kKinds), kCriticalOf104);
  RandomWalk walk;
  EXPECT_GT(chi_square(additions(histogram(three_threads, walk)), kKinds), 10 * kCriticalOf104);
}

// A short thread's one step, after the other's, whose many steps elsewhere keep it waiting.
bool waits_for_a_busy_one() {
  std::atomic<int> elsewhere{0}, shared{0};
  bool hit = false;
  std::thread busy([&] {
    for (int i = 0; i < 40; ++i) elsewhere.fetch_add(1);
    shared.fetch_add(1);
  });
  std::thread small([&] { hit = shared.fetch_add(1) == 1; });
  busy.join();
  small.join();
  return hit;
}

unsigned hits(Strategy& strategy, unsigned executions) {
  unsigned count = 0;
  const auto counting = [&] {
    if (!waits_for_a_busy_one()) return;
    const Outside outside;
    ++count;
  };
  for (unsigned i = 0; i < executions; ++i) explore_once(counting, strategy, i, {.spurious = 0});
  return count;
}

TEST(Surw, ChoosesWhatMatters) {
  Surw surw;
  Surw urw(Surw::Matters::kAll);
  RandomWalk walk;
  // In one of two executions, three times in four; else in one of 42.
  EXPECT_GT(hits(surw, 2000), 600u);
  EXPECT_LT(hits(urw, 2000), 100u);
  EXPECT_EQ(hits(walk, 2000), 0u);
}

}  // namespace
}  // namespace weft::explore
