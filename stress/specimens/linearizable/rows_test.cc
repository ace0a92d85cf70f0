// Each broken object is found by programs of its calls, and shown by a small one; its mended twin
// is silent.
#include <gtest/gtest.h>

#include <cstdint>
#include <cstdio>
#include <string>

#include "stress/generate/expect.h"
#include "stress/run/build_mode.h"
#include "stress/specimens/linearizable/row.h"

namespace weft::linearizable {
namespace {

constexpr std::uint64_t kPrograms = 2'000;
constexpr unsigned kAboveTheSmallest = 2;

generate::Search search_of(const Row& row) {
  generate::Search search;
  search.calls_max = row.calls_max;
  search.programs = kPrograms;
  search.in_lockstep = false;
  return search;
}

class LinearizableTest : public testing::TestWithParam<Row> {};

// The interleavings are rare on real threads, and only the explorer chooses them.
TEST_P(LinearizableTest, IsCaughtAndShownByASmallProgram) {
  if (!kExplored) GTEST_SKIP() << "real threads meet too seldom between two steps";
  for (const std::uint64_t seed : {1, 2, 3}) {
    generate::Search search = search_of(GetParam());
    search.options.seed = seed;
    search.options.budget = Seconds(60);
    search.shrinking = Seconds(30);
    const auto found = generate::expect_caught(GetParam().broken(), search);
    EXPECT_LE(found.program.size(), GetParam().calls + kAboveTheSmallest) << found.text;
    EXPECT_GE(found.program.size(), GetParam().calls) << "the table is wrong: " << found.text;
    EXPECT_LE(found.programs, kPrograms);
  }
}

TEST_P(LinearizableTest, IsSilentWhenMended) {
  generate::Search search = search_of(GetParam());
  search.explored = 25;
  search.executions = 3;
  search.options.budget = Seconds(kExplored ? 200 : 1);
  const generate::Verdict verdict = generate::find_violation(GetParam().mended(), search);
  EXPECT_EQ(text(verdict), "");
  EXPECT_GT(verdict.histories, 0u);
  EXPECT_EQ(verdict.undecided, 0u);
  if (kExplored) EXPECT_EQ(verdict.programs, kPrograms);
}

std::string name_of(const testing::TestParamInfo<Row>& info) {
  return std::string(info.param.name);
}

INSTANTIATE_TEST_SUITE_P(, LinearizableTest, testing::ValuesIn(rows()), name_of);

}  // namespace
}  // namespace weft::linearizable
