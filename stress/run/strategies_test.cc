// The portfolio: who has its turn when, without any program.
#include "stress/run/strategies.h"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>
#include <vector>

#include "stress/explore/strategy.h"
#include "stress/run/seeds.h"

namespace weft::internal {
namespace {

// The strategies of so many executions, if those of `lucky` alone bring news. No execution is run,
// so the systematic searches, which have seen no decision, are at their end at once.
std::vector<std::string> names(Strategies& strategies, std::uint64_t first, std::uint64_t end,
                               const std::string& lucky) {
  std::vector<std::string> names;
  for (std::uint64_t number = first; number < end; ++number) {
    const std::string name = strategies.next(number).name();
    names.push_back(name);
    strategies.end({.interleaving = name == lucky, .conflicts = 0});
  }
  return names;
}

std::map<std::string, unsigned> counted(const std::vector<std::string>& names) {
  std::map<std::string, unsigned> counts;
  for (const std::string& name : names) ++counts[name];
  return counts;
}

TEST(Portfolio, GivesEverySecondExecutionToTheSystematicSearch) {
  Strategies strategies("portfolio", 1);
  names(strategies, 0, 64, "");
  const auto counts = counted(names(strategies, 64, 2064, ""));
  EXPECT_EQ(counts.at("exhaustive"), 1000u);
  for (const char* name : {"places", "surw", "pos", "random_walk", "pct", "urw"}) {
    EXPECT_GT(counts.at(name), 20u) << name;
  }
}

TEST(Portfolio, PrefersWhatBringsNews) {
  for (const char* lucky : {"pos", "surw", "places"}) {
    Strategies strategies("portfolio", 2);
    names(strategies, 0, 500, lucky);
    const auto counts = counted(names(strategies, 500, 2500, lucky));
    EXPECT_GT(counts.at(lucky), 400u) << "of the 1000 that are not systematic";
    EXPECT_GT(counts.size(), 6u) << "the others have their turn, too";
  }
}

TEST(Portfolio, IsAFunctionOfItsSeed) {
  const auto of_seed = [](std::uint64_t seed) {
    Strategies strategies("portfolio", seed);
    return names(strategies, 0, 1000, "pos");
  };
  EXPECT_EQ(of_seed(1), of_seed(1));
  EXPECT_NE(of_seed(1), of_seed(2));
}

TEST(Portfolio, GoesOnFromItsState) {
  Strategies one("portfolio", 3);
  names(one, 0, 777, "pos");
  Strategies other("portfolio", 3);
  other.go_on_from(one.state());
  EXPECT_EQ(other.state(), one.state());
  EXPECT_EQ(names(other, 777, 2000, "surw"), names(one, 777, 2000, "surw"));
  EXPECT_EQ(other.state(), one.state());
}

TEST(Portfolio, IsSystematicInOneWorkerAlone) {
  Strategies first("portfolio", 1, {}, {.index = 0, .total = 2});
  Strategies second("portfolio", 1, {}, {.index = 1, .total = 2});
  EXPECT_GT(counted(names(first, 0, 200, ""))["exhaustive"], 50u);
  EXPECT_EQ(counted(names(second, 0, 200, ""))["exhaustive"], 0u);
}

// Of an execution of so many steps, where two threads can always go on.
std::vector<explore::ThreadId> choices(explore::Strategy& strategy, unsigned steps) {
  explore::Candidates candidates;
  candidates.set.add(0);
  candidates.set.add(1);
  candidates.count = 2;
  candidates.current_may = true;
  const explore::Operation operation;
  const explore::Operation* const pending[] = {&operation, &operation};
  candidates.pending = pending;
  std::vector<explore::ThreadId> choices;
  strategy.begin(1);
  for (unsigned i = 0; i < steps; ++i) {
    candidates.current = strategy.choose(candidates);
    choices.push_back(candidates.current);
  }
  return choices;
}

TEST(Strategy, ForgetsWhatItHasEstimated) {
  constexpr unsigned kSteps = 1000;
  for (const char* name : {"pct", "pct:7"}) {
    Strategies strategies(name, 1);
    const auto at_first = choices(strategies.next(0), kSteps);
    strategies.end({});
    const auto with_an_estimate = choices(strategies.next(1), kSteps);
    strategies.end({});
    EXPECT_NE(with_an_estimate, at_first) << name << " has learnt how long executions are";
    strategies.forget();
    EXPECT_EQ(choices(strategies.next(2), kSteps), at_first) << name;
  }
}

TEST(Strategy, HasTheNameThatItWasAskedForBy) {
  for (const char* name : {"random_walk", "pct", "pos", "surw", "urw", "places", "exhaustive"}) {
    Strategies strategies(name, 1);
    EXPECT_STREQ(strategies.next(0).name(), name);
  }
  EXPECT_THROW(Strategies("por", 1), OptionError);
  EXPECT_THROW(Strategies("pos:2", 1), OptionError);
}

TEST(Seeds, AreDealtOutOnce) {
  std::set<std::uint64_t> dealt;
  for (std::uint64_t shard = 0; shard < 3; ++shard) {
    for (std::uint64_t worker = 0; worker < 4; ++worker) {
      const Seeds seeds(7, Share{shard, 3}.part({worker, 4}));
      for (std::uint64_t number = 0; number < 100; ++number) {
        EXPECT_TRUE(dealt.insert(seeds.at(number)).second) << shard << " " << worker;
      }
    }
  }
  std::set<std::uint64_t> all;
  for (std::uint64_t number = 0; number < 1200; ++number) all.insert(Seeds(7, {}).at(number));
  EXPECT_EQ(dealt, all) << "and none is left out";
}

}  // namespace
}  // namespace weft::internal
