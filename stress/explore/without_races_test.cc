// What is found though nobody looks for races. In a process that never does: there is no shadow.
#include <gtest/gtest.h>

#include <cstdlib>

#include "stress/explore/explore.h"
#include "stress/explore/random_walk.h"

namespace weft::explore {
namespace {

void free_twice(void*) {
  void* const block = std::malloc(40);
  void* volatile again = block;  // or the compiler would find it
  std::free(block);
  std::free(again);
}

TEST(WithoutRaces, ASecondFreeIsFound) {
  static RandomWalk walk;
  const Limits limits{.races = false};
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    EXPECT_EQ(execute(free_twice, nullptr, walk, seed, limits).finding, Finding::kDoubleFree);
  }
}

}  // namespace
}  // namespace weft::explore
