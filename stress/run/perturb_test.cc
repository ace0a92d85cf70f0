#include "stress/run/perturb.h"

#include <gtest/gtest.h>

#include <set>
#include <vector>

#include "stress/run/options.h"
#include "stress/run/search.h"

namespace weft::internal {
namespace {

std::vector<Step> steps(unsigned mode, std::uint64_t seed, int count) {
  Random random(seed);
  std::vector<Step> all;
  for (int i = 0; i < count; ++i) all.push_back(next_step(mode, random));
  return all;
}

TEST(Perturb, TheSameSeedMakesTheSameDecisions) {
  for (unsigned mode : {kYield, kSleep, kSpin, kPin}) {
    EXPECT_EQ(steps(mode, 42, 500), steps(mode, 42, 500));
    EXPECT_NE(steps(mode, 42, 500), steps(mode, 43, 500));
  }
}

TEST(Perturb, PlainModeDoesNothing) {
  for (const Step& step : steps(kPlain, 1, 1000)) EXPECT_EQ(step.action, Step::kNothing);
}

TEST(Perturb, EachModeDoesOnlyItsOwn) {
  const std::pair<unsigned, Step::Action> kModes[] = {
      {kYield, Step::kYield}, {kPin, Step::kYield}, {kSleep, Step::kSleep}, {kSpin, Step::kSpin}};
  for (const auto& [mode, action] : kModes) {
    int acted = 0;
    for (const Step& step : steps(mode, 5, 1000)) {
      if (step.action == Step::kNothing) continue;
      EXPECT_EQ(step.action, action);
      ++acted;
    }
    EXPECT_GT(acted, 100) << mode_name(mode);
    EXPECT_LT(acted, 900) << mode_name(mode);
  }
}

TEST(Perturb, SleepsLastOneToTwoHundredMicroseconds) {
  unsigned longest = 0;
  for (const Step& step : steps(kSleep, 5, 20'000)) {
    if (step.action != Step::kSleep) continue;
    EXPECT_GE(step.amount, 1u);
    EXPECT_LE(step.amount, 200u);
    longest = std::max(longest, step.amount);
  }
  EXPECT_GT(longest, 150u);
}

TEST(Perturb, EverySecondExecutionIsPlain) {
  std::uint64_t seed = 12345;
  std::set<unsigned> seen;
  for (int i = 0; i < 100; ++i, seed = next_seed(seed)) {
    const bool plain = mode_of(seed, kAllModes) == kPlain;
    EXPECT_NE(plain, mode_of(next_seed(seed), kAllModes) == kPlain);
    seen.insert(mode_of(seed, kAllModes));
  }
  EXPECT_EQ(seen, (std::set<unsigned>{kPlain, kYield, kSleep, kSpin, kPin}));
}

TEST(Perturb, OnlyAllowedModesAreUsed) {
  for (unsigned allowed = 1; allowed <= kAllModes; ++allowed) {
    std::set<unsigned> seen;
    std::uint64_t seed = 99;
    for (int i = 0; i < 200; ++i, seed = next_seed(seed)) seen.insert(mode_of(seed, allowed));
    unsigned all = 0;
    for (unsigned mode : seen) all |= mode;
    EXPECT_EQ(all, allowed) << to_string_of_modes(allowed);
  }
}

// A body's view of the decisions: everything of Weft in execution n follows from its seed.
struct Seen {
  std::uint64_t seed;
  std::vector<std::uint64_t> numbers;
  friend bool operator==(const Seen&, const Seen&) = default;
};

std::vector<Seen> executions(std::uint64_t seed, std::uint64_t count) {
  std::vector<Seen> all;
  const auto body = [&](weft::Run& run) {
    Seen seen{run.seed(), std::vector<std::uint64_t>(3)};
    seen.numbers[0] = run.random()();
    for (int i : {1, 2}) run.thread([&, i] { seen.numbers[i] = run.random()(); });
    run.join();
    all.push_back(seen);
  };
  search("seeds", body, {.seed = seed, .budget = Seconds(60), .executions = count});
  return all;
}

TEST(Perturb, ASearchFromALaterSeedGoesOnAsTheEarlierOneDid) {
  const auto all = executions(77, 8);
  ASSERT_EQ(all.size(), 8u);
  const auto later = executions(all[5].seed, 3);
  EXPECT_TRUE(std::equal(later.begin(), later.end(), all.begin() + 5));
}

TEST(Perturb, ThreadsOfAnExecutionHaveNumbersOfTheirOwn) {
  for (const Seen& seen : executions(3, 4)) {
    EXPECT_EQ(std::set(seen.numbers.begin(), seen.numbers.end()).size(), 3u);
  }
}

}  // namespace
}  // namespace weft::internal
