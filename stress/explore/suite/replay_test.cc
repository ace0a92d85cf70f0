// One schedule, one execution: in this process, in another one elsewhere in memory, and when it is
// run twice by request.
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <map>
#include <sstream>
#include <string>

#include "stress/check.h"
#include "stress/explore/random_walk.h"
#include "stress/explore/schedule.h"
#include "stress/explore/suite/repeated.h"
#include "stress/explore/suite/test_name.h"
#include "stress/run_self_for_test.h"

namespace weft::suite {
namespace {

bool takes_its_time(const Specimen& specimen) {
  return specimen.facts().says == "no scheduling point was reached for long";
}

// The execution of this seed, after one that may have initialised statics.
Trial first_of(const Specimen& specimen, std::uint64_t seed) {
  explore::RandomWalk straight(~0u);
  execute(specimen, straight, 1);
  explore::RandomWalk walk;
  return execute(specimen, walk, seed);
}

class RepeatedBody : public testing::TestWithParam<const Specimen*> {};

TEST_P(RepeatedBody, AThousandTimesInOneProcess) {
  const Session session;
  const Specimen& specimen = *GetParam();
  const Trial first = first_of(specimen, 7);
  const int times = takes_its_time(specimen) ? 1 : 1000;
  for (int i = 0; i < times; ++i) {
    const Trial again = replay(specimen, first.decisions, 7);
    ASSERT_TRUE(again == first) << "repetition " << i << ": " << to_string(again)
                                << "\nat first: " << to_string(first);
  }
}

// What is found by looking closer does not change what is looked at.
TEST_P(RepeatedBody, RecordedAndWithoutTheSearchForRaces) {
  const Session session;
  const Specimen& specimen = *GetParam();
  const Trial first = first_of(specimen, 9);
  Trial recorded = replay(specimen, first.decisions, 9, true);
  // Only an execution that is not recorded finds out if a wake-up was lost.
  if (first.finding == explore::Finding::kLostWakeup &&
      recorded.finding == explore::Finding::kDeadlock) {
    recorded.finding = first.finding;
    recorded.text = first.text;
  }
  EXPECT_TRUE(recorded == first) << to_string(recorded) << "\nunrecorded: " << to_string(first);
  const bool is_of_memory = first.finding == explore::Finding::kDataRace ||
                            first.finding == explore::Finding::kUseAfterFree ||
                            first.finding == explore::Finding::kDoubleFree;
  if (is_of_memory) return;
  const Trial without = replay(specimen, first.decisions, 9, false, false);
  EXPECT_TRUE(without == first) << to_string(without) << "\nwith: " << to_string(first);
}

INSTANTIATE_TEST_SUITE_P(Bodies, RepeatedBody, testing::ValuesIn(repeatable()), test_name);

// An execution is no other one's past: not even of those that were abandoned with threads waiting.
TEST(Repeated, WhateverRanBefore) {
  const Session session;
  std::vector<const Specimen*> right = repeatable();
  std::vector<const Specimen*> wrong = right;
  std::erase_if(right, [](const Specimen* each) { return each->facts().violates.has_value(); });
  std::erase_if(
      wrong, [](const Specimen* each) { return !each->facts().violates || takes_its_time(*each); });
  std::map<const Specimen*, Trial> trials;
  for (const Specimen* specimen : right) trials[specimen] = first_of(*specimen, 5);
  for (const Specimen* before : wrong) {
    first_of(*before, 6);
    for (const Specimen* specimen : right) {
      const Trial& first = trials[specimen];
      const Trial again = replay(*specimen, first.decisions, 5);
      ASSERT_TRUE(again == first) << specimen->facts().name << " after " << before->facts().name
                                  << ": " << to_string(again) << "\nat first: " << to_string(first);
    }
  }
}

// For the test below: runs the schedules given on standard input's stead, in a variable, and prints
// what came of each.
TEST(ReplayElsewhere, DISABLED_PrintsItsTrials) {
  const Session session;
  const bool given = std::getenv("SUITE_SCHEDULES") != nullptr;
  std::map<std::string, std::string> schedules;
  std::istringstream lines(given ? std::getenv("SUITE_SCHEDULES") : "");
  for (std::string name, schedule; lines >> name >> schedule;) schedules[name] = schedule;
  for (const Specimen* specimen : repeatable()) {
    if (takes_its_time(*specimen)) continue;
    const std::string name(specimen->facts().name);
    Trial trial;
    if (given) {
      explore::RandomWalk straight(~0u);
      execute(*specimen, straight, 1);
      std::string why;
      const auto schedule = explore::schedule_from(schedules[name], why);
      ASSERT_TRUE(schedule) << name << ": " << why;
      trial = replay(*specimen, schedule->decisions, schedule->seed);
    } else {
      trial = first_of(*specimen, 11);
    }
    explore::Schedule schedule;
    schedule.seed = 11;
    schedule.decisions = trial.decisions;
    schedule.digest = static_cast<std::uint32_t>(trial.digest);
    std::printf("trial %s %s %s\n", name.c_str(), explore::to_string(schedule).c_str(),
                explore::name_of(trial.finding));
  }
  // Where this process lies in memory.
  static int somewhere = 0;
  std::printf("at %p %p\n", static_cast<void*>(&somewhere), static_cast<void*>(&schedules));
}

std::string lines_with(const std::string& text, const std::string& beginning) {
  std::istringstream lines(text);
  std::string found;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with(beginning)) found += line + "\n";
  }
  return found;
}

TEST(ReplayElsewhere, IsTheSameInTwentyProcesses) {
  internal::SelfOptions options{.filter = "ReplayElsewhere.DISABLED_PrintsItsTrials"};
  const internal::SelfRun origin = run_self(options);
  ASSERT_EQ(origin.exit_code, 0) << origin.output;
  const std::string trials = lines_with(origin.output, "trial ");
  std::string schedules;
  std::istringstream lines(trials);
  for (std::string trial, name, schedule, finding; lines >> trial >> name >> schedule;) {
    std::getline(lines, finding);
    schedules += name + " " + schedule + "\n";
  }
  options.environment["SUITE_SCHEDULES"] = schedules;
  std::string places = lines_with(origin.output, "at ");
  for (int i = 0; i < 20; ++i) {
    const internal::SelfRun again = run_self(options);
    ASSERT_EQ(again.exit_code, 0) << again.output;
    const std::string theirs = lines_with(again.output, "trial ");
    if (theirs != trials) {
      std::istringstream ours(trials);
      std::istringstream others(theirs);
      std::string a;
      std::string b;
      while (std::getline(ours, a) && std::getline(others, b)) EXPECT_EQ(a, b) << "process " << i;
      FAIL() << "process " << i << " had other executions";
    }
    places += lines_with(again.output, "at ");
  }
  // Or else the test has shown nothing.
  std::istringstream each(places);
  std::string one;
  std::getline(each, one);
  EXPECT_NE(places, [&] {
    std::string same;
    for (int i = 0; i < 21; ++i) same += one + "\n";
    return same;
  }()) << "every process lay at the same addresses";
}

class Twice : public testing::TestWithParam<const Specimen*> {};

TEST_P(Twice, FindsNoDifference) {
  Options options = GetParam()->facts().options;
  options.twice = true;
  options.budget = std::chrono::milliseconds(100);
  options.executions = 200;
  check(GetParam()->body(), options);
}

std::vector<const Specimen*> right_ones() {
  std::vector<const Specimen*> all = repeatable();
  std::erase_if(all, [](const Specimen* each) { return each->facts().violates.has_value(); });
  return all;
}

INSTANTIATE_TEST_SUITE_P(Bodies, Twice, testing::ValuesIn(right_ones()), test_name);

// What a body must not depend on.

TEST(Nondeterminism, OfACounterThatOutlivesExecutions) {
  static int executions = 0;
  const Report report = expect_violation(Kind::kNondeterminism,
                                         [](weft::Run& run) {
                                           std::atomic<int> value = 0;
                                           run.thread([&] { value.store(++executions); });
                                           run.join();
                                         },
                                         {.twice = true});
  ASSERT_TRUE(report.violation);
  EXPECT_NE(report.violation->text.find("is store by thread 0 at first"), std::string::npos)
      << report.violation->text;
}

TEST(Nondeterminism, OfARandomNumber) {
  const Report report = expect_violation(Kind::kNondeterminism,
                                         [](weft::Run& run) {
                                           std::atomic<int> value = 0;
                                           run.thread([&] {
                                             value = 1;
                                             // tidy-allow(random): that it cannot be repeated is
                                             // the point
                                             if (std::rand() % 2 == 0) value = 2;
                                           });
                                           run.thread([&] { value = 3; });
                                           run.join();
                                         },
                                         {.twice = true});
  ASSERT_TRUE(report.violation);
  EXPECT_NE(report.violation->text.find("step"), std::string::npos) << report.violation->text;
}

TEST(Nondeterminism, OfAnAddressOfTheProcess) {
  const Report report = expect_violation(
      Kind::kNondeterminism,
      [](weft::Run& run) {
        std::atomic<unsigned> value = 0;
        run.thread([&] {
          // The process's own heap is not the explorer's: there, addresses are what they are.
          void* block;
          {
            const explore::Outside outside;
            block = std::malloc(1 << 20);
          }
          value = static_cast<unsigned>(reinterpret_cast<std::uintptr_t>(block) >> 12);
        });
        run.join();
      },
      {.twice = true});
  ASSERT_TRUE(report.violation);
  EXPECT_NE(report.violation->text.find("store by thread 0"), std::string::npos)
      << report.violation->text;
}

}  // namespace
}  // namespace weft::suite
