// What a random walk finds of the classic bugs, or the portfolio where that finds nothing, is
// simplified to what they take: at most two preemptions more than the fewest, as the specimen tells
// them or a systematic search finds them, and at most two switches more than are known to do.
#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <string>

#include "scenarios/specimens/all.h"
#include "stress/report/finding_json.h"
#include "stress/run/search.h"
#include "stress/specimens/fewest_switches.h"
#include "stress/specimens/judged.h"

namespace weft {
namespace {

using scenarios::Classic;

std::optional<Report> found(const Classic& specimen, const std::string& strategy,
                            std::uint64_t executions, Seconds minimise) {
  Options options;
  options.strategy = strategy;
  options.budget = Seconds(60);
  options.executions = executions;
  options.minimise = minimise;
  options.lock_order = false;
  Report report = search_for(kind_of(specimen.kind), specimen.name, judged(specimen.body), options);
  if (!report.violated()) return std::nullopt;
  return report;
}

// Of the finding's execution, and before it was simplified.
struct Size {
  std::uint64_t preemptions;
  std::uint64_t switches;
  std::uint64_t preemptions_found;
};
Size size_of(const Report& report) {
  const report::Finding finding = report::finding_from_json(report.finding);
  std::uint64_t switches = 0;
  for (std::size_t i = 1; i < finding.steps.size(); ++i) {
    if (finding.steps[i].thread != finding.steps[i - 1].thread) ++switches;
  }
  const std::uint64_t found =
      finding.original ? finding.original->preemptions : finding.preemptions;
  return {finding.preemptions, switches, found};
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
  for (const Classic* specimen : scenarios::classic_specimens()) {
    if (!specimen->hard.empty()) continue;  // no strategy need find it
    auto report = found(*specimen, "random_walk", 5'000, Seconds(5));
    // What a random walk seldom meets.
    if (!report) report = found(*specimen, "portfolio", 20'000, Seconds(5));
    const auto fewest = fewest_preemptions(*specimen);
    EXPECT_TRUE(report) << specimen->name << " was not found";
    EXPECT_TRUE(fewest) << specimen->name << " takes nobody knows how many preemptions";
    const auto switches = fewest_switches(specimen->name);
    EXPECT_TRUE(switches) << specimen->name << " takes nobody knows how many switches";
    if (!report || !fewest || !switches) continue;
    const Size size = size_of(*report);
    EXPECT_LE(size.preemptions, static_cast<std::uint64_t>(*fewest) + 2) << report->text();
    EXPECT_LE(size.switches, *switches + 2) << report->text();
    std::printf("%-40.*s preemptions: %llu found, %llu left, %d at least; switches: %llu of %u\n",
                static_cast<int>(specimen->name.size()), specimen->name.data(),
                static_cast<unsigned long long>(size.preemptions_found),
                static_cast<unsigned long long>(size.preemptions), *fewest,
                static_cast<unsigned long long>(size.switches), *switches);
  }
}

}  // namespace
}  // namespace weft
