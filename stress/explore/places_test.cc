// Priorities by place find what needs one of many like threads to stop half-way as soon as if there
// were three of them; priorities of threads need the longer the more there are.
#include "stress/explore/places.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "stress/explore/explored_for_test.h"
#include "stress/explore/pct.h"

namespace weft::explore {
namespace {

// Some writer has made its first step, none its second, when the reader passes.
template <int kWriters>
bool reader_meets_half() {
  std::atomic<int> first{0}, second{0};
  bool hit = false;
  std::vector<std::thread> threads;
  for (int i = 0; i < kWriters; ++i) {
    threads.emplace_back([&] {
      first.store(1);
      second.store(1);
    });
  }
  threads.emplace_back([&] {
    const bool begun = first.load() == 1;
    hit = begun && second.load() == 0;
  });
  for (std::thread& thread : threads) thread.join();
  return hit;
}

unsigned hits(bool (*body)(), Strategy& strategy, unsigned executions) {
  unsigned count = 0;
  const auto counting = [&] {
    if (!body()) return;
    const Outside outside;
    ++count;
  };
  for (unsigned i = 0; i < executions; ++i) explore_once(counting, strategy, i, {.spurious = 0});
  return count;
}

// Of four places' orders one in eight does it, if a place is a line of code.
TEST(Places, FindTheOneOfManyThatStopsHalfWay) {
  Places few, many;
  EXPECT_GT(hits(reader_meets_half<3>, few, 1000), 50u);
  EXPECT_GT(hits(reader_meets_half<60>, many, 1000), 50u);
}

TEST(Places, PrioritiesOfThreadsDoNot) {
  Pct few(2), many(2);
  const unsigned with_few = hits(reader_meets_half<3>, few, 1000);
  EXPECT_LT(hits(reader_meets_half<60>, many, 1000), with_few / 4 + 1);
}

}  // namespace
}  // namespace weft::explore
