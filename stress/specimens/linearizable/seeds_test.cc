// In how many programs each broken object is found, of 100 seeds. A table; the last columns are how
// many seeds found it within 2,000 programs, and how many showed it by a program of at most two
// calls more than the smallest.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

#include "stress/generate/property.h"
#include "stress/specimens/linearizable/row.h"

namespace weft::linearizable {
namespace {

constexpr int kSeeds = 100;
constexpr std::size_t kEnough = 95;
constexpr unsigned kAboveTheSmallest = 2;

TEST(Linearizable, IsFoundForMostSeeds) {
  std::printf("%-18s %8s %8s %8s %6s %6s\n", "specimen", "median", "95 %", "most", "found",
              "small");
  for (const Row& row : rows()) {
    std::vector<std::uint64_t> programs;
    std::size_t small = 0;
    for (int seed = 1; seed <= kSeeds; ++seed) {
      generate::Search search;
      search.calls_max = row.calls_max;
      search.programs = 2'000;
      search.in_lockstep = false;
      search.shrinking = Seconds(30);
      search.options.seed = static_cast<std::uint64_t>(seed);
      search.options.budget = Seconds(300);
      const generate::Verdict verdict = generate::find_violation(row.broken(), search);
      if (!verdict.violation) continue;
      programs.push_back(verdict.violation->programs);
      if (verdict.violation->program.size() <= row.calls + kAboveTheSmallest) ++small;
    }
    std::sort(programs.begin(), programs.end());
    const auto at = [&](std::size_t rank) {
      return rank < programs.size() ? std::to_string(programs[rank]) : std::string("-");
    };
    std::printf("%-18s %8s %8s %8s %6zu %6zu\n", std::string(row.name).c_str(), at(49).c_str(),
                at(94).c_str(), programs.empty() ? "-" : std::to_string(programs.back()).c_str(),
                programs.size(), small);
    EXPECT_GE(programs.size(), kEnough) << row.name;
    EXPECT_GE(small, kEnough) << row.name;
  }
}

}  // namespace
}  // namespace weft::linearizable
