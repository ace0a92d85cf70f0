#include "benchmarks/work/work.h"

#include <gtest/gtest.h>
#include <time.h>

#include <algorithm>

namespace weft::benchmarks {
namespace {

// Of this thread alone: what other processes take does not count.
double thread_nanoseconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return 1e9 * static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec);
}

double fastest_of_ten(const Work& work) {
  double best = 1e18;
  for (int i = 0; i < 10; ++i) {
    const double start = thread_nanoseconds();
    work();
    best = std::min(best, thread_nanoseconds() - start);
  }
  return best;
}

TEST(Work, OfNoTimeIsNoStep) { EXPECT_EQ(Work(0).steps(), 0u); }

TEST(Work, StepsAreProportionalToTheTime) {
  const double ratio =
      static_cast<double>(Work(1'000'000).steps()) / static_cast<double>(Work(1'000).steps());
  EXPECT_NEAR(ratio, 1000, 10);
}

// A wide margin: the machine may change its frequency between measuring and working.
TEST(Work, TakesAboutItsTime) {
  const double taken = fastest_of_ten(Work(2'000'000));
  EXPECT_GT(taken, 0.3 * 2'000'000);
  EXPECT_LT(taken, 4.0 * 2'000'000);
}

}  // namespace
}  // namespace weft::benchmarks
