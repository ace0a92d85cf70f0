#include <gtest/gtest.h>

#include <atomic>

#include "primitives/annotate.h"
#include "stress/check.h"

// Reads and writes in two steps, so that another thread's write in between is lost.
struct BrokenCounter {
  void add() {
    const int seen = value;
    weft::annotate::point("between read and write");
    value = seen + 1;
  }
  std::atomic<int> value{0};
};

TEST(BrokenCounter, LosesAnUpdate) {
  weft::expect_violation(weft::Kind::kAssertion, [](weft::Run& run) {
    BrokenCounter counter;
    run.thread("left", [&] { counter.add(); });
    run.thread("right", [&] { counter.add(); });
    run.join();
    run.require(counter.value == 2, "two additions make two");
  });
}
