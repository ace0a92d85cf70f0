// How soon the portfolio finds the published families: the mean over many seeds of the executions
// up to the first failure is at most what is written here. A search is a function of its seed and
// of the program's code, so a mean is the same on every machine, but another after a change to the
// code: the seeds are so many that it is another by little.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>

#include "scenarios/specimens/all.h"
#include "stress/run/random.h"
#include "stress/run/search.h"
#include "stress/specimens/judged.h"

namespace weft {
namespace {

using scenarios::Classic;

struct Target {
  std::string_view program;
  double executions;  // in the mean
  std::uint64_t seeds;
  double found = 1;  // of the seeds, at least
};

// Fewer where an execution is long and the target far away.
constexpr Target kTargets[] = {
    {"reorder_5", 20, 400},         {"reorder_10", 20, 400},         {"reorder_20", 20, 400},
    {"reorder_50", 20, 400},        {"reorder_100", 20, 400},        {"twostage_20", 100, 100},
    {"twostage_50", 100, 50},       {"twostage_100", 100, 50},       {"work_steal_queue", 12, 2000},
    {"stringbuffer", 20, 400},      {"bluetooth_driver", 60, 400},   {"bounded_buffer", 10, 400},
    {"bounded_buffer_if", 10, 400}, {"safe_stack", 10'000, 20, 0.9},
};

const Classic* classic_named(std::string_view program) {
  for (const Classic* each : scenarios::classic_specimens()) {
    if (each->name.substr(each->name.rfind('/') + 1) == program) return each;
  }
  return nullptr;
}

class SearchTarget : public testing::TestWithParam<Target> {};

TEST_P(SearchTarget, IsReached) {
  const Target& target = GetParam();
  const Classic* classic = classic_named(target.program);
  ASSERT_NE(classic, nullptr) << target.program;
  std::uint64_t found = 0;
  double executions = 0;
  for (std::uint64_t seed = 1; seed <= target.seeds; ++seed) {
    const Report report = search(classic->name, judged(classic->body),
                                 {.seed = seed_of({seed}),
                                  .budget = Seconds(60),
                                  .executions = 10'000,
                                  .minimise = Seconds(0),
                                  .lock_order = false,
                                  .brief = true});
    if (!report.violated()) continue;
    ++found;
    // The first execution is apart from those that are counted, unless it was the one.
    executions += static_cast<double>(report.executions + (report.execution > 0 ? 1 : 0));
  }
  ASSERT_GE(static_cast<double>(found), target.found * static_cast<double>(target.seeds));
  const double mean = executions / static_cast<double>(found);
  std::printf("%-20.*s %6.2f executions in the mean, %g at most\n",
              static_cast<int>(target.program.size()), target.program.data(), mean,
              target.executions);
  EXPECT_LE(mean, target.executions);
}

INSTANTIATE_TEST_SUITE_P(Published, SearchTarget, testing::ValuesIn(kTargets),
                         [](const auto& info) { return std::string(info.param.program); });

}  // namespace
}  // namespace weft
