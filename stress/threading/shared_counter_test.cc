#include "primitives/threading/shared_counter.h"

#include <gtest/gtest.h>

#include "stress/check.h"

namespace weft {
namespace {

TEST(SharedCounter, CountsFromItsInitialValue) {
  SharedCounter counter;
  EXPECT_EQ(counter.value(), 0);
  counter.incr();
  counter.incr(5);
  counter.decr();
  counter.decr(7);
  EXPECT_EQ(counter.value(), -2);
  EXPECT_EQ(SharedCounter(40).value(), 40);
}

TEST(SharedCounter, NoChangeIsLost) {
  check([](weft::Run& run) {
    SharedCounter counter(100);
    for (int t = 0; t < 3; ++t) {
      run.thread([&, t] {
        for (int i = 0; i < 50; ++i) {
          t == 0 ? counter.decr(2) : counter.incr(3);
        }
      });
    }
    run.join();
    run.require(counter.value() == 100 - 50 * 2 + 2 * 50 * 3, "every change counts once");
  });
}

}  // namespace
}  // namespace weft
