#include "stress/run/report.h"

#include <gtest/gtest.h>

#include "stress/run/random.h"

namespace weft {
namespace {

Report example() {
  Report report;
  report.name = "Table.Dines";
  report.verdict = Verdict::kViolated;
  report.violation = Violation{
      .kind = Kind::kHang,
      .text = "all threads sleep: 7:7",
      .threads = {{.name = "philosopher 0",
                   .tid = 41,
                   .state = "asleep",
                   .waits_for = "lock 'right' held by philosopher 1",
                   .holds = {"lock 'left'"},
                   .frames = {"eat() at table.cc:7", ""}}},
      .events = {"philosopher 0: hungry"},
  };
  report.also = {{.kind = Kind::kAssertion, .text = std::string("a\0b\n", 4)}};
  report.executions = 18;
  report.execution = 17;
  report.conflicts = 12;
  report.seconds = 0.25;
  report.seed = 123;
  report.mode = "yield";
  report.replay = "bazel test //table --test_env=WEFT_SEED=123";
  return report;
}

TEST(Report, SurvivesTheWayThroughAPipe) {
  const std::string bytes = serialized(example());
  const auto back = deserialized(bytes);
  ASSERT_TRUE(back);
  EXPECT_EQ(serialized(*back), bytes);
  EXPECT_EQ(back->text(), example().text());
  EXPECT_EQ(back->also[0].text.size(), 4u);
}

TEST(Report, WhatIsCutShortOrAlteredIsNotTakenForAReport) {
  const std::string bytes = serialized(example());
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(deserialized(bytes.substr(0, size))) << size;
  }
  EXPECT_FALSE(deserialized(bytes + "x"));
  // Altered bytes may still make a report, but never a crash.
  Random random(1);
  for (int i = 0; i < 2000; ++i) {
    std::string altered = bytes;
    altered[random.below(altered.size())] = static_cast<char>(random());
    deserialized(altered);
  }
}

TEST(Report, TextSaysWhatWhereAndHowToRepeat) {
  EXPECT_EQ(example().text(),
            "hang: all threads sleep: 7:7\n"
            "  in Table.Dines, execution 17 (yield), seed 123\n"
            "  repeat: bazel test //table --test_env=WEFT_SEED=123\n"
            "  philosopher 0 (tid 41, asleep) waits for lock 'right' held by philosopher 1\n"
            "    holds lock 'left'\n"
            "    #0 eat() at table.cc:7\n"
            "    #1 \n"
            "  events:\n"
            "    philosopher 0: hungry\n"
            "  also met: assertion: " +
                std::string("a\0b\n", 4) + "\n");
}

TEST(Report, ASpentBudgetIsUndecided) {
  Report report;
  report.name = "Queue.Fifo";
  report.executions = 1;
  report.seconds = 0.3;
  report.seed = 7;
  EXPECT_FALSE(report.violated());
  EXPECT_EQ(report.text(), "Queue.Fifo: undecided after 1 execution (0.30 s)\n  first seed: 7\n");
}

}  // namespace
}  // namespace weft
