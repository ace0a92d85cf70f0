// Every wait with a limit ends in both ways: by what it waits for, and by time. Which of the two
// comes first is the scheduler's choice; a patient one's is the earlier.
#include "stress/explore/suite/timed_waits.h"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "stress/check.h"

namespace weft::suite {
namespace {

using namespace std::chrono_literals;

// Which ends there are in all schedules.
struct Ends {
  bool given = false;
  bool timed_out = false;
};
Ends ends_of(const TimedWait& wait, const Times& times, bool patient) {
  Ends ends;
  const Report report =
      check([&](weft::Run&) { (wait.was_given(times) ? ends.given : ends.timed_out) = true; },
            {.budget = 20s, .strategy = "exhaustive:2", .patient = patient});
  EXPECT_EQ(to_string(report.verdict), to_string(Verdict::kHolds)) << report.summary();
  return ends;
}

class Timed : public testing::TestWithParam<TimedWait> {};

TEST_P(Timed, EndsInBothWays) {
  const Ends ends = ends_of(GetParam(), {.given = 1ms, .limit = 1h}, false);
  EXPECT_TRUE(ends.given) << "no execution waited long enough";
  EXPECT_TRUE(ends.timed_out) << "no execution gave up";
}

TEST_P(Timed, EndsByWhatComesFirstIfPatient) {
  const Ends soon = ends_of(GetParam(), {.given = 1ms, .limit = 1h}, true);
  EXPECT_TRUE(soon.given);
  EXPECT_FALSE(soon.timed_out) << "it was given long before the limit";
  const Ends late = ends_of(GetParam(), {.given = 2h, .limit = 1h}, true);
  EXPECT_FALSE(late.given) << "it was given long after the limit";
  EXPECT_TRUE(late.timed_out);
}

INSTANTIATE_TEST_SUITE_P(Waits, Timed,
                         testing::ValuesIn(timed_waits().begin(), timed_waits().end()),
                         [](const auto& info) { return std::string(info.param.name); });

}  // namespace
}  // namespace weft::suite
