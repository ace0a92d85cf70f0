// What a random walk finds of the classic bugs is simplified to what they take: at most two
// preemptions more than the fewest, as the specimen tells them or a systematic search finds them.
#include <gtest/gtest.h>

#include <cstdint>
#include <cstdio>
#include <optional>
#include <string>

#include "scenarios/specimens/all.h"
#include "stress/report/finding_json.h"
#include "stress/run/search.h"

namespace weft {
namespace {

using scenarios::Classic;

std::optional<Report> found(const Classic& specimen, const std::string& strategy,
                            std::uint64_t executions, Seconds minimise) {
  Options options;
  options.strategy = strategy;
  options.budget = Seconds(5);
  options.executions = executions;
  options.minimise = minimise;
  options.lock_order = false;
  Report report = search(
      specimen.name,
      [&](Run& run) {
        const std::string broke = specimen.body();
        run.require(broke.empty(), broke);
      },
      options);
  if (!report.violated() || to_string(report.violation->kind) != specimen.kind) {
    return std::nullopt;
  }
  return report;
}

// Of the finding's execution, and before it was simplified.
struct Preemptions {
  std::uint64_t left;
  std::uint64_t found;
};
Preemptions preemptions_of(const Report& report) {
  const report::Finding finding = report::finding_from_json(report.finding);
  const std::uint64_t left = finding.preemptions;
  return {left, finding.original ? finding.original->preemptions : left};
}

std::optional<int> fewest_preemptions(const Classic& specimen) {
  if (specimen.preemptions != Classic::kNotKnown) return specimen.preemptions;
  for (int bound = 0; bound < 4; ++bound) {
    const std::string strategy = "exhaustive:" + std::to_string(bound);
    if (found(specimen, strategy, 5'000, Seconds(0))) return bound;
  }
  return std::nullopt;
}

TEST(Minimal, ClassicBugsAreSimplifiedToWhatTheyTake) {
  unsigned judged = 0;
  for (const Classic* specimen : scenarios::classic_specimens()) {
    const auto report = found(*specimen, "random_walk", 5'000, Seconds(0.5));
    if (!report) continue;
    const auto fewest = fewest_preemptions(*specimen);
    if (!fewest) continue;
    ++judged;
    const Preemptions preemptions = preemptions_of(*report);
    EXPECT_LE(preemptions.left, static_cast<std::uint64_t>(*fewest) + 2) << report->text();
    std::printf("%-40.*s %3llu found, %llu left, %d at least\n",
                static_cast<int>(specimen->name.size()), specimen->name.data(),
                static_cast<unsigned long long>(preemptions.found),
                static_cast<unsigned long long>(preemptions.left), *fewest);
  }
  EXPECT_GT(judged, 20u);
}

}  // namespace
}  // namespace weft
