// For campaign_target_test.sh: of one check a campaign never ends by itself, in the other it finds
// something soon.
#include <gtest/gtest.h>

#include <atomic>

#include "stress/check.h"

namespace {

TEST(Counter, LosesNothing) {
  weft::check([](weft::Run& run) {
    std::atomic<int> count{0}, other{0};
    for (int i = 0; i < 3; ++i) {
      run.thread([&] {
        for (int turn = 0; turn < 4; ++turn) {
          count.fetch_add(1);
          other.store(turn);
        }
      });
    }
    run.join();
    run.require(count == 12, "nothing is lost");
  });
}

TEST(Counter, LosesWhatIsAddedInTwoSteps) {
  weft::check([](weft::Run& run) {
    std::atomic<int> count{0};
    const auto add = [&] { count = count + 1; };
    run.thread(add);
    run.thread(add);
    run.join();
    run.require(count == 2, "nothing is lost");
  });
}

}  // namespace
