// What the comparison makes of its figures, and that the benchmarks it names exist.
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include "benchmarks/ratios/row.h"
#include "benchmarks/ratios/run_benchmark.h"

namespace weft::benchmarks {
namespace {

const Named kOurs{"program", "ours"};
const Named kFast{"program", "fast"};
const Named kSlow{"program", "slow"};

Row row_of(Sense sense, double floor, double aim) {
  Row row;
  row.sense = sense;
  row.floor = floor;
  row.aim = aim;
  return row;
}

TEST(Ratios, AreOfMediansAndTheBestPeer) {
  const Row row = row_of(Sense::kMore, 1, 3);
  const Judgement judgement = judge(row, {kOurs, {1, 20, 100}}, {{kSlow, {5}}, {kFast, {10}}});
  EXPECT_DOUBLE_EQ(judgement.ratio, 2);
  EXPECT_EQ(judgement.best->name, "fast");
  EXPECT_EQ(judgement.verdict, Verdict::kFloor);
  EXPECT_EQ(judge(row, {kOurs, {30}}, {{kFast, {10}}}).verdict, Verdict::kAim);
  EXPECT_EQ(judge(row, {kOurs, {9}}, {{kFast, {10}}}).verdict, Verdict::kBelow);
}

TEST(Ratios, OfTimesAreBetterWhenTheyAreLess) {
  const Row row = row_of(Sense::kLess, 1.1, 0.9);
  const Judgement judgement = judge(row, {kOurs, {10}}, {{kSlow, {50}}, {kFast, {10}}});
  EXPECT_EQ(judgement.best->name, "fast");
  EXPECT_EQ(judgement.verdict, Verdict::kFloor);
  EXPECT_EQ(judge(row, {kOurs, {9}}, {{kFast, {10}}}).verdict, Verdict::kAim);
  EXPECT_EQ(judge(row, {kOurs, {12}}, {{kFast, {10}}}).verdict, Verdict::kBelow);
}

TEST(Ratios, WithoutPeersAreTheValues) {
  EXPECT_EQ(judge(row_of(Sense::kMore, 0.96, 0.98), {kOurs, {0.97}}, {}).verdict, Verdict::kFloor);
  EXPECT_EQ(judge(row_of(Sense::kMore, 0.96, 0.98), {kOurs, {0.95}}, {}).verdict, Verdict::kBelow);
}

TEST(Ratios, TellAbsentPeersAndJudgeWithoutThem) {
  const Row row = row_of(Sense::kMore, 1, 3);
  const Judgement judgement = judge(row, {kOurs, {30}}, {{kFast, {}}, {kSlow, {5}}});
  EXPECT_EQ(judgement.absent.size(), 1u);
  EXPECT_EQ(judgement.verdict, Verdict::kAim);
  EXPECT_EQ(judge(row, {kOurs, {30}}, {{kFast, {}}}).verdict, Verdict::kNotMeasured);
  EXPECT_EQ(judge(row, {kOurs, {}}, {{kFast, {1}}}).verdict, Verdict::kNotMeasured);
}

TEST(Ratios, ReadGoogleBenchmarksReport) {
  const std::string report = R"({"context": {}, "benchmarks": [{"name": "x", "real_time": 2.5}]})";
  EXPECT_EQ(figure_in(report, "real_time"), 2.5);
  EXPECT_THROW((void)figure_in(report, "p50_ns"), std::runtime_error);
  EXPECT_EQ(figure_in(R"({"benchmarks": []})", "real_time"), std::nullopt);
  EXPECT_EQ(figure_in("", "real_time"), std::nullopt);
  EXPECT_THROW((void)figure_in(R"({"benchmarks": [{"error_message": "wrong"}]})", "real_time"),
               std::runtime_error);
}

TEST(Ratios, AskForOneBenchmarkByAPattern) {
  EXPECT_EQ(pattern_of("BM<A>/x:1.5"), "^BM<A>/x:1\\.5$");
}

// A peer that this machine lacks is absent as a whole; what is there has every benchmark.
TEST(Rows, NameBenchmarksThatExist) {
  std::map<std::string, std::set<std::string>> of_program;
  const auto exists = [&](const Named& named) {
    auto [known, is_new] = of_program.try_emplace(named.program);
    if (is_new) known->second = benchmarks_of(named.program);
    return known->second.contains(named.name);
  };
  const auto is_optional = [](const Named& named) {
    for (const char* library :
         {"Asio", "Eigen", "Tbb", "StdPar", "Boost", "Moodycamel", "Absl", "cpus:2"}) {
      if (named.name.find(library) != std::string::npos) return true;
    }
    return false;
  };
  for (const Row& row : all_rows()) {
    EXPECT_TRUE(exists(row.ours)) << row.ours.name;
    for (const Named& peer : row.peers) {
      EXPECT_TRUE(exists(peer) || is_optional(peer)) << peer.name;
    }
  }
}

}  // namespace
}  // namespace weft::benchmarks
