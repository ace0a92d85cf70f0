// What a test says of progress, through the front door.
#include <gtest/gtest.h>

#include <atomic>
#include <mutex>
#include <string>

#include "stress/linearize/linearizable.h"
#include "stress/report/finding_json.h"
#include "stress/run/build_mode.h"

namespace weft::linearize {
namespace {

class Behind {
 public:
  int next() {
    const std::scoped_lock hold(mutex_);
    return given_++;
  }

 private:
  std::mutex mutex_;
  int given_ = 0;
};

class Atomic {
 public:
  int next() { return given_.fetch_add(1); }

 private:
  std::atomic<int> given_{0};
};

struct Numbers {
  int given = 0;
  int next() { return given++; }
};

WEFT_LINEARIZABLE(Progress, AnAdditionIsWaitFree, Atomic, Numbers,
                  operation("next", &Atomic::next, &Numbers::next), wait_free_within(1));
WEFT_LINEARIZABLE(Progress, WhatPromisesNothingMayLock, Behind, Numbers,
                  operation("next", &Behind::next, &Numbers::next));

TEST(Progress, ACallThatWaitsIsAFindingWithItsSchedule) {
  if (!kExplored) GTEST_SKIP() << "the explorer alone judges progress";
  using namespace words;
  for (const GuaranteeItem& promise : {obstruction_free(), lock_free(), wait_free_within(100)}) {
    const auto found = expect_not_linearizable<Behind, Numbers>(
        "Behind", operation("next", &Behind::next, &Numbers::next), promise);
    ASSERT_TRUE(found.report && found.report->violated());
    EXPECT_EQ(found.report->violation->kind, weft::Kind::kNoProgress) << found.text;
    EXPECT_EQ(found.program.size(), 2u) << found.text;
    EXPECT_NE(found.replay.find("WEFT_SCHEDULE="), std::string::npos) << found.replay;
    EXPECT_NE(found.text.find(" waits for mutex 1 held by thread "), std::string::npos)
        << found.text;
    EXPECT_EQ(report::finding_from_json(found.report->finding).kind, "no progress");
  }
}

// A call that may wait has promised nothing; what ends its wait has.
class Tokens {
 public:
  void give() {
    ++count_;
    count_.notify_one();
  }
  void take() {
    for (int seen = count_;;) {
      if (seen == 0) {
        count_.wait(0);
        seen = count_;
      } else if (count_.compare_exchange_strong(seen, seen - 1)) {
        return;
      }
    }
  }

 private:
  std::atomic<int> count_{0};
};

struct TokensModel {
  int count = 0;
  void give() { ++count; }
  Waits<> take() {
    if (count == 0) return not_enabled;
    --count;
    return done;
  }
};

WEFT_LINEARIZABLE(Progress, WhatMayWaitMayWait, Tokens, TokensModel,
                  operation("give", &Tokens::give, &TokensModel::give),
                  operation("take", &Tokens::take, &TokensModel::take), lock_free());

}  // namespace
}  // namespace weft::linearize
