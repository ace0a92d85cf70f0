// boost::lockfree::spsc_queue, as the system has it: for one producer and one consumer.
#include <gtest/gtest.h>

#include <vector>

#include "stress/check.h"

#if defined(WEFT_HAVE_BOOST)
#include <boost/lockfree/spsc_queue.hpp>

namespace {

using Queue = boost::lockfree::spsc_queue<int, boost::lockfree::capacity<2>>;

TEST(SpscQueue, TakesEachItemOnceInOrder) {
  weft::check([](weft::Run& run) {
    Queue queue;
    int put = 0;
    std::vector<int> items;
    // More than it has room for, so that it comes round to its beginning.
    run.thread("producer", [&] {
      for (int attempts = 4; attempts > 0; --attempts) put += queue.push(put) ? 1 : 0;
    });
    run.thread("consumer", [&] {
      int value;
      for (int attempts = 3; attempts > 0; --attempts) {
        if (queue.pop(value)) items.push_back(value);
      }
    });
    run.join();
    for (int value; queue.pop(value);) items.push_back(value);
    run.require(static_cast<int>(items.size()) == put, "what was put is taken");
    for (int i = 0; i < put; ++i) run.require(items[i] == i, "in order");
  });
}

#if defined(WEFT_EXPLORE)
// Both read the same place to write at. Real threads seldom meet in those few instructions.
void two_producers(weft::Run& run) {
  Queue queue;
  run.thread("left", [&] { queue.push(1); });
  run.thread("right", [&] { queue.push(2); });
  run.join();
  int value, count = 0;
  while (queue.pop(value)) ++count;
  run.require(count == 2, "no item is lost");
}

TEST(SpscQueue, HasADataRaceOfTwoProducers) {
  weft::expect_violation(weft::Kind::kDataRace, two_producers);
}

TEST(SpscQueue, LosesAnItemOfTwoProducers) {
  weft::expect_violation(weft::Kind::kAssertion, two_producers, {.races = false});
}
#endif

}  // namespace

#else

TEST(SpscQueue, IsExplored) {
  GTEST_SKIP() << "the system has no boost::lockfree: install libboost-dev";
}

#endif
