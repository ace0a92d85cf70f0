// How often a thread looks before it sleeps.
#include "primitives/pool/spin.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <cstdlib>

#include "primitives/base/processors.h"
#include "stress/base/on_one_processor.h"

namespace weft {
namespace {

using internal::SleepForBudget;
using internal::spin_for;
using internal::SpinBudget;
using testing_processors::OnOneProcessor;
using namespace std::chrono_literals;

std::size_t looks_in_vain(SpinBudget& budget) {
  std::size_t looks = 0;
  EXPECT_FALSE(spin_for(budget, [&] {
    ++looks;
    return false;
  }));
  return looks;
}

// What the process that was bound finds, as an exit status: a bit for each thing that is wrong.
int wrong_on_one_processor() {
  SpinBudget budget;
  int wrong = 0;
  if (looks_in_vain(budget) != 1) wrong |= 1;
  // Neither what it finds nor a short sleep makes it look more often.
  if (!spin_for(budget, [] { return true; })) wrong |= 2;
  {
    const SleepForBudget asleep(budget);
  }
  budget.slept(0ns);
  if (looks_in_vain(budget) != 1) wrong |= 4;
  return wrong;
}

TEST(SpinBudgetDeathTest, OnOneProcessorAThreadLooksOnce) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  const OnOneProcessor here;
  EXPECT_EXIT(exit(wrong_on_one_processor()), testing::ExitedWithCode(0), "");
}

TEST(SpinBudget, LooksOftenWhereAProcessorIsLeftOverUntilItDidNotPay) {
  if (!internal::may_spin()) GTEST_SKIP() << "nobody spins here";
  SpinBudget budget;
  const std::size_t at_first = looks_in_vain(budget);
  EXPECT_GT(at_first, 1u);
  budget.slept(1s);
  const std::size_t after_a_long_sleep = looks_in_vain(budget);
  EXPECT_LT(after_a_long_sleep, at_first);
  budget.slept(0s);
  EXPECT_GT(looks_in_vain(budget), after_a_long_sleep) << "a short sleep could have been spared";
  for (int i = 0; i < 100; ++i) budget.slept(1s);
  EXPECT_GT(looks_in_vain(budget), 1u);
  EXPECT_LT(looks_in_vain(budget), after_a_long_sleep);
}

TEST(SpinBudget, LooksLessWhereEveryProcessorHasAWorkerAwake) {
  if (!internal::may_spin()) GTEST_SKIP() << "nobody spins here";
  SpinBudget budget;
  const std::size_t before = looks_in_vain(budget);
  for (std::size_t i = 0; i < internal::processors(); ++i) internal::AwakeWorkers::add_one();
  EXPECT_LT(looks_in_vain(budget), before);
  for (std::size_t i = 0; i < internal::processors(); ++i) internal::AwakeWorkers::remove_one();
  EXPECT_EQ(looks_in_vain(budget), before);
}

// The waits bring about what they wait for: a thread that looked in vain asks where it may run.
TEST(SpinBudget, LooksOnceFromWhenItsProcessIsBoundUntilItIsLetGo) {
  if (!internal::may_spin()) GTEST_SKIP() << "nobody spins here";
  SpinBudget budget;
  EXPECT_GT(looks_in_vain(budget), 1u);
  {
    const OnOneProcessor here;
    while (looks_in_vain(budget) != 1) {
    }
    {
      const SleepForBudget asleep(budget);
    }
    EXPECT_EQ(looks_in_vain(budget), 1u);
  }
  while (looks_in_vain(budget) == 1) {
  }
}

TEST(SpinBudget, StopsAtTheLookThatFindsIt) {
  SpinBudget budget;
  std::size_t looks = 0;
  EXPECT_TRUE(spin_for(budget, [&] {
    ++looks;
    return true;
  }));
  EXPECT_EQ(looks, 1u);
}

}  // namespace
}  // namespace weft
