// Each way of avoiding deadlock at the philosophers' table, and its broken twin.
#include <gtest/gtest.h>

#include <cstddef>
#include <cstdio>
#include <mutex>
#include <ostream>
#include <string>
#include <vector>

#include "primitives/base/errors.h"
#include "primitives/threading/lock.h"
#include "scenarios/avoidance/all_or_none.h"
#include "scenarios/avoidance/arbiter.h"
#include "scenarios/avoidance/back_off.h"
#include "scenarios/avoidance/chandy_misra.h"
#include "scenarios/avoidance/global_order.h"
#include "scenarios/avoidance/odd_even.h"
#include "scenarios/avoidance/strategy.h"
#include "scenarios/avoidance/table.h"
#include "scenarios/specimens/deadlock/broken_strategies.h"
#include "stress/check.h"
#include "stress/run/build_mode.h"

namespace weft::avoidance {
namespace {

// Who dines, and how often each.
struct Party {
  std::size_t seats;
  int rounds = 3;
};

std::string philosopher(std::size_t seat) { return "philosopher " + std::to_string(seat); }

template <Strategy S>
void dinner(Run& run, const Party& party, S& strategy) {
  Table table(party.seats);
  for (std::size_t seat = 0; seat < party.seats; ++seat) {
    run.thread(philosopher(seat), [&, seat] { dine(strategy, table, seat, party.rounds); });
  }
  run.join();
  const std::string broken = table.judge(party.rounds);
  run.require(broken.empty(), broken);
}

template <template <class> class S, class Fork = Lock>
void dinner_with(Run& run, const Party& party) {
  const Forks<Fork> forks(party.seats);
  S<Fork> strategy(forks.all());
  dinner(run, party, strategy);
}

template <class Fork>
using ArbiterOf = Arbiter<Fork>;

void dinner_with_back_off(Run& run, const Party& party) {
  const Forks<Lock> forks(party.seats);
  BackOff<Lock> strategy(forks.all(), run.seed());
  dinner(run, party, strategy);
}

// For all schedules of one program, which the pauses are a part of.
void dinner_with_set_back_off(Run& run, const Party& party) {
  const Forks<Lock> forks(party.seats);
  BackOff<Lock> strategy(forks.all(), 1);
  dinner(run, party, strategy);
}

// Looks at the invariants whenever a philosopher begins and ends a meal.
struct Checked {
  Run& run;
  ChandyMisra<> strategy;

  void take(std::size_t seat) {
    strategy.take(seat);
    check();
  }
  void put(std::size_t seat) {
    strategy.put(seat);
    check();
  }
  void check() {
    const std::string broken = strategy.check_invariants();
    run.require(broken.empty(), broken);
  }
};

void dinner_with_tokens(Run& run, const Party& party) {
  Checked strategy{run, ChandyMisra<>(party.seats)};
  dinner(run, party, strategy);
}

void dinner_from_a_circle(Run& run, const Party& party) {
  StartsInACircle strategy(party.seats);
  dinner(run, party, strategy);
}

struct Dinner {
  const char* strategy;
  void (*body)(Run& run, const Party& party);
  std::size_t seats;
  Kind kind = Kind::kHang;   // of a twin
  unsigned preemptions = 2;  // up to which every schedule is run
};

void PrintTo(const Dinner& dinner, std::ostream* out) { *out << dinner.strategy; }

std::string name_of(const testing::TestParamInfo<Dinner>& info) {
  return std::string(info.param.strategy) + "With" + std::to_string(info.param.seats) + "Seats";
}

class EveryStrategy : public testing::TestWithParam<Dinner> {};

TEST_P(EveryStrategy, FeedsEverybodyAndKeepsNeighboursApart) {
  check([](weft::Run& run) { GetParam().body(run, {GetParam().seats}); });
}

INSTANTIATE_TEST_SUITE_P(Avoidance, EveryStrategy, testing::ValuesIn([] {
                           std::vector<Dinner> dinners;
                           for (std::size_t seats : {2, 3, 5}) {
                             dinners.push_back({"GlobalOrder", dinner_with<GlobalOrder>, seats});
                             dinners.push_back({"AllOrNone", dinner_with<AllOrNone>, seats});
                             dinners.push_back({"OddEven", dinner_with<OddEven>, seats});
                             dinners.push_back({"Arbiter", dinner_with<ArbiterOf>, seats});
                             dinners.push_back({"BackOff", dinner_with_back_off, seats});
                             dinners.push_back({"ChandyMisra", dinner_with_tokens, seats});
                           }
                           return dinners;
                         }()),
                         name_of);

// Three philosophers, in every schedule of so many preemptions and of one spurious wake-up or weak
// failure. It takes seconds of a quiet core; a busy machine has until Bazel's timeout.
class EveryStrategyExplored : public testing::TestWithParam<Dinner> {};

TEST_P(EveryStrategyExplored, Holds) {
  if (!kExplored) GTEST_SKIP() << "only the explorer comes to the end of all schedules";
  const std::string bound = std::to_string(GetParam().preemptions);
  const Party once{.seats = GetParam().seats, .rounds = 1};
  const Report report = check([&](weft::Run& run) { GetParam().body(run, once); },
                              {.budget = Seconds(600), .strategy = "exhaustive:" + bound});
  EXPECT_EQ(report.verdict, Verdict::kHolds) << report.summary();
  EXPECT_NE(report.bounds.find("at most " + bound + " preemptions"), std::string::npos)
      << report.bounds;
  std::printf("%s\n", report.summary().c_str());
}

// Who backs off tries again whenever it is let, and no preemption is needed for that.
INSTANTIATE_TEST_SUITE_P(Avoidance, EveryStrategyExplored,
                         testing::Values(Dinner{"GlobalOrder", dinner_with<GlobalOrder>, 3},
                                         Dinner{"AllOrNone", dinner_with<AllOrNone>, 3},
                                         Dinner{"OddEven", dinner_with<OddEven>, 3},
                                         Dinner{"Arbiter", dinner_with<ArbiterOf>, 3},
                                         Dinner{"BackOff", dinner_with_set_back_off, 3, Kind::kHang,
                                                1},
                                         Dinner{"ChandyMisra", dinner_with_tokens, 3}),
                         name_of);

class EveryTwin : public testing::TestWithParam<Dinner> {};

TEST_P(EveryTwin, IsCaught) {
  Dinner dinner = GetParam();
  if (kExplored && dinner.kind == Kind::kHang) dinner.kind = Kind::kDeadlock;
  // Dinners are over in milliseconds, and a twin's hang or livelock is real and costs so long.
  Options options;
  options.hang_after = Seconds(0.3);
  options.livelock_after = Seconds(2);
  const Report report = expect_violation(
      dinner.kind, [&](weft::Run& run) { dinner.body(run, {dinner.seats}); }, options);
  if (dinner.kind == Kind::kLivelock || !report.violation) return;
  // A circle: each philosopher waits for something with a name, and has a stack.
  for (std::size_t seat = 0; seat < dinner.seats; ++seat) {
    EXPECT_NE(report.violation->text.find(philosopher(seat) + " waits for "), std::string::npos)
        << report.violation->text;
  }
  EXPECT_EQ(report.violation->threads.size(), dinner.seats + 1);  // and the body
  for (const ThreadDump& thread : report.violation->threads) {
    EXPECT_FALSE(thread.frames.empty()) << thread.name;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Avoidance, EveryTwin, testing::ValuesIn([] {
      std::vector<Dinner> dinners;
      for (std::size_t seats : {2, 3, 5}) {
        dinners.push_back({"LeftFirst", dinner_with<LeftFirst>, seats});
        dinners.push_back({"OneAfterTheOther", dinner_with<OneAfterTheOther>, seats});
        dinners.push_back({"ArbiterAdmitsAll", dinner_with<ArbiterAdmitsAll>, seats});
        dinners.push_back({"KeepsFork", dinner_with<KeepsFork>, seats, Kind::kLivelock});
        dinners.push_back({"StartsInACircle", dinner_from_a_circle, seats});
      }
      for (std::size_t seats : {2, 3}) {
        dinners.push_back({"SeatOneBreaksTheRule", dinner_with<SeatOneBreaksTheRule>, seats});
      }
      return dinners;
    }()),
    name_of);

TEST(Report, NamesForksAndHoldersOfTheCircle) {
  const Report report =
      expect_violation(Kind::kHang, [](weft::Run& run) { dinner_with<LeftFirst>(run, {3}); });
  ASSERT_TRUE(report.violation);
  for (const char* wait : {"philosopher 0 waits for Lock 'fork 1' held by philosopher 1",
                           "philosopher 1 waits for Lock 'fork 2' held by philosopher 2",
                           "philosopher 2 waits for Lock 'fork 0' held by philosopher 0"}) {
    EXPECT_NE(report.violation->text.find(wait), std::string::npos) << report.violation->text;
  }
}

TEST(OddEven, OneBreakerOfTheRuleAmongFiveIsHarmless) {
  check([](weft::Run& run) { dinner_with<SeatOneBreaksTheRule>(run, {5}); });
}

TEST(GlobalOrder, TakesAnyLockable) {
  check([](weft::Run& run) { dinner_with<GlobalOrder, std::mutex>(run, {3}); });
}

TEST(ChandyMisra, ACircleAtTheStartBreaksTheInvariant) {
  EXPECT_EQ(StartsInACircle(3).check_invariants(), "everybody is behind a neighbour");
}

struct NoForks {
  void take(std::size_t) {}
  void put(std::size_t) {}
};

TEST(Table, SeesNeighboursWhoEatAtOnce) {
  // Without forks everything there races; this is about what the table itself says.
  const Report report = expect_violation(Kind::kAssertion,
                                         [](weft::Run& run) {
                                           NoForks strategy;
                                           dinner(run, {2}, strategy);
                                         },
                                         {.races = false});
  ASSERT_TRUE(report.violation);
  EXPECT_NE(report.violation->text.find("used by both its neighbours at once"), std::string::npos)
      << report.violation->text;
}

TEST(Table, CountsMeals) {
  Table table(2);
  table.eat(0);
  EXPECT_EQ(table.judge(1), "philosopher 1 ate 0 times, not 1");
  table.eat(1);
  EXPECT_EQ(table.judge(1), "");
  EXPECT_EQ(table.judge(2), "philosopher 0 ate 1 times, not 2");
}

TEST(Table, NeedsTwoSeats) {
  EXPECT_THROW(Table(1), ValueError);
  EXPECT_THROW(ChandyMisra<>(0), ValueError);
  const Forks<Lock> one(1);
  EXPECT_THROW(GlobalOrder<Lock>(one.all()), ValueError);
}

}  // namespace
}  // namespace weft::avoidance
