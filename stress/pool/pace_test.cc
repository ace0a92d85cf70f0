// When a worker that is quicker than those who submit leaves the shared deque alone.
#include "primitives/pool/pace.h"

#include <gtest/gtest.h>

#include <cstdint>

namespace weft {
namespace {

using internal::Pace;

Pace of_a_worker_that_found_one_task(std::uint32_t times) {
  Pace pace;
  for (std::uint32_t i = 0; i < times; ++i) pace.found(1);
  return pace;
}

TEST(Pace, PausesOnlyOnceItFoundFewTasksManyTimes) {
  EXPECT_EQ(Pace().pauses(), 0u);
  EXPECT_EQ(of_a_worker_that_found_one_task(Pace::kManyTimes - 1).pauses(), 0u);
  EXPECT_EQ(of_a_worker_that_found_one_task(Pace::kManyTimes).pauses(), 1u);
}

TEST(Pace, PausesLongerUntilItFindsEnoughAndNeverLongerThanItMay) {
  Pace pace = of_a_worker_that_found_one_task(Pace::kManyTimes + 2);
  const std::uint32_t pauses = pace.pauses();
  EXPECT_EQ(pauses, 7u);
  pace.found(Pace::kFew);
  EXPECT_EQ(pace.pauses(), pauses) << "it found enough";
  pace.found(Pace::kFew - 1);
  EXPECT_GT(pace.pauses(), pauses);
  EXPECT_EQ(of_a_worker_that_found_one_task(1000).pauses(), Pace::kMostPauses);
}

TEST(Pace, PausesLessWhereManyTasksWereThere) {
  Pace pace = of_a_worker_that_found_one_task(1000);
  pace.found(Pace::kMany);
  EXPECT_EQ(pace.pauses(), Pace::kMostPauses);
  pace.found(Pace::kMany + 1);
  EXPECT_EQ(pace.pauses(), Pace::kMostPauses / 2);
  for (int i = 0; i < 10; ++i) pace.found(Pace::kMany + 1);
  EXPECT_EQ(pace.pauses(), 0u);
}

TEST(Pace, PausesNoMoreOnceItFoundNothing) {
  Pace pace = of_a_worker_that_found_one_task(1000);
  pace.found(0);
  EXPECT_EQ(pace.pauses(), 0u);
  for (std::uint32_t i = 1; i < Pace::kManyTimes; ++i) {
    pace.found(1);
    EXPECT_EQ(pace.pauses(), 0u) << "after " << i;
  }
  pace.found(1);
  EXPECT_EQ(pace.pauses(), 1u);
}

}  // namespace
}  // namespace weft
