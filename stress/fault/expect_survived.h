// The judgement of a test that kills instruction by instruction, or at named points.
//
// Thread safety: by the thread that runs the test.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

#include "stress/fault/kill_after_every_step.h"
#include "stress/fault/kill_at_points.h"

namespace weft::fault {

inline constexpr std::chrono::milliseconds kHang{5000};
// Who has not come by then waits for what the dead one did not come to.
inline constexpr std::chrono::milliseconds kLate{300};

// 99 of 100 survivors within 100 ms, and none that hangs: the rest is the machine's other work.
inline void expect_survived(const Kills& kills, std::size_t least) {
  for (const std::string& wrong : kills.wrong) ADD_FAILURE() << wrong;
  EXPECT_GE(kills.count, least) << "the operation has at least so many instructions";
  EXPECT_LE(kills.seconds_of_99_percent(), 0.1);
  EXPECT_LE(kills.worst_seconds(), 2.0);
  testing::Test::RecordProperty("kills", static_cast<int>(kills.count));
  testing::Test::RecordProperty("too_early", static_cast<int>(kills.too_early));
  testing::Test::RecordProperty("p99_ms", std::to_string(kills.seconds_of_99_percent() * 1e3));
  testing::Test::RecordProperty("worst_ms", std::to_string(kills.worst_seconds() * 1e3));
}

// Each of the functions is a point of the operation, or else the test has become an empty one.
inline void expect_survived_at(const std::vector<std::string>& functions, PointKills kills) {
  for (const std::string& function : functions) {
    EXPECT_GT(kills.at[function], 0u) << "the operation does not come to " << function;
  }
  expect_survived(kills, functions.size());
}

}  // namespace weft::fault
