#include <gtest/gtest.h>

#include "primitives/queue/queue.h"
#include "stress/check.h"

TEST(Queue, NoItemIsTakenTwice) {
  weft::check([](weft::Run& run) {
    weft::Queue<int> queue;
    int taken[2] = {};
    queue.put(1);
    queue.put(2);
    run.thread([&] { taken[0] = queue.get(); });
    run.thread([&] { taken[1] = queue.get(); });
    run.join();
    EXPECT_NE(taken[0], taken[1]);
  });
}
