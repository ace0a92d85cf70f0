// What is found though nobody looks for races. In a process that never does: there is no shadow.
#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <cstdlib>
#include <string>

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

void end_objects(void*) {
  std::condition_variable condition;
  condition.notify_one();
  std::atomic<int> number{0};
  ++number;
  std::string text(100, 'x');
  text += text;
}

TEST(WithoutRaces, NothingLooksAtTheShadow) {
  static RandomWalk walk;
  for (const bool record : {false, true}) {
    const Limits limits{.record = record, .races = false};
    EXPECT_EQ(execute(end_objects, nullptr, walk, 1, limits).finding, Finding::kNone);
  }
}

}  // namespace
}  // namespace weft::explore
