// What was under control is part of every report of the explorer.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <string>

#include "stress/check.h"

namespace {

using ::testing::MatchesRegex;

TEST(Instrumented, CountsTheAccessesOfTheTestedCodeAlone) {
  const weft::Report report = weft::check([](weft::Run& run) {
    std::atomic<int> sum{0};
    sum.fetch_add(1);
    sum.fetch_add(1);
    run.require(sum.load() == 2, "both were added");
  });
  EXPECT_EQ(report.accesses, 3u) << "two additions and a load; nobody else sees the initialisation";
  EXPECT_THAT(report.controlled,
              MatchesRegex("([0-9]+) of [0-9]+ functions; 3 instrumented accesses "
                           "in an execution"));
}

TEST(Instrumented, CountsInAnExecutionThatEndsEarly) {
  const weft::Report report = weft::expect_violation(weft::Kind::kCrash, [](weft::Run&) {
    std::atomic<int> sum{0};
    sum.fetch_add(1);
    __builtin_abort();
  });
  EXPECT_GE(report.accesses, 1u);
}

}  // namespace
