// In how many programs each broken object is found, of 100 seeds. A table; the last column is how
// many seeds found it within 2,000 programs.
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
constexpr int kEnough = 95;

TEST(Linearizable, IsFoundForMostSeeds) {
  std::printf("%-18s %8s %8s %8s %6s\n", "specimen", "median", "95 %", "most", "found");
  for (const Row& row : rows()) {
    std::vector<std::uint64_t> programs;
    for (int seed = 1; seed <= kSeeds; ++seed) {
      generate::Search search;
      search.calls_max = row.calls_max;
      search.programs = 2'000;
      search.in_lockstep = false;
      search.shrinking = Seconds(0);
      search.options.seed = static_cast<std::uint64_t>(seed);
      search.options.budget = Seconds(300);
      const generate::Verdict verdict = generate::find_violation(row.broken(), search);
      if (verdict.violation) programs.push_back(verdict.programs);
    }
    std::sort(programs.begin(), programs.end());
    const auto at = [&](std::size_t rank) {
      return rank < programs.size() ? std::to_string(programs[rank]) : std::string("-");
    };
    std::printf("%-18s %8s %8s %8s %6zu\n", std::string(row.name).c_str(), at(49).c_str(),
                at(94).c_str(), programs.empty() ? "-" : std::to_string(programs.back()).c_str(),
                programs.size());
    EXPECT_GE(programs.size(), static_cast<std::size_t>(kEnough)) << row.name;
  }
}

}  // namespace
}  // namespace weft::linearizable
