#include <string>

#include "benchmarks/tour/checks.h"
#include "benchmarks/tour/parts.h"
#include "benchmarks/tour/run_rows.h"
#include "stress/run/search.h"

namespace weft::tour {
namespace {

std::string_view name_of(const Check& check) { return check.name; }

Row search_one(const Check& check, Seconds budget, std::uint64_t& executions) {
  Options options;
  options.budget = budget;
  options.executions = ~std::uint64_t{0};
  options.isolate = true;
  Report report = search(check.name, check.body, options);
  report.replay = "WEFT_SEED=" + std::to_string(report.seed) + " bazel run //:tour -- --row '" +
                  std::string(check.name) + "'";
  executions += report.executions;
  const std::string verdict(report.violated() ? to_string(report.violation->kind)
                                              : to_string(report.verdict));
  return {.cells = {std::string(check.name), verdict, report.executions, report.seconds,
                    std::string(check.property)},
          // Nothing ran: nothing was looked for.
          .as_expected = !report.violated() && report.executions > 0,
          .details = report.violated() ? report.text() : ""};
}

}  // namespace

std::vector<Check> all_checks() {
  std::vector<Check> all;
  for (const auto& some :
       {lock_checks(), meeting_checks(), queue_checks(), pool_checks(), deadlock_checks()}) {
    all.insert(all.end(), some.begin(), some.end());
  }
  return all;
}

std::vector<std::string> check_names() { return names_of(all_checks(), name_of); }

Part checks_part(Progress& progress, const std::vector<std::string>& names, double seconds) {
  Part part;
  part.key = "checks";
  part.title = "Checks";
  part.about =
      "Properties of the primitives, each searched for a violation. \"undecided\" means that the "
      "budget was spent and nothing was found: so many executions on real threads did not violate "
      "the property. It never means that the property holds.";
  part.columns = {{"name", "of", Unit::kText, width_of(check_names())},
                  {"verdict", "verdict", Unit::kText, 10},
                  {"executions", "executions", Unit::kCount, 10},
                  {"seconds", "time", Unit::kSeconds, 7},
                  {"property", "property", Unit::kText, 0}};
  const Seconds budget(seconds / static_cast<double>(names.size()));
  std::uint64_t executions = 0;
  run_rows(part, progress, names, all_checks(), name_of,
           [&](const Check& check) { return search_one(check, budget, executions); });
  part.outcome = std::to_string(part.rows.size() - part.unexpected()) + " undecided after " +
                 std::to_string(executions) + " executions, " + std::to_string(part.unexpected()) +
                 " violated";
  return part;
}

}  // namespace weft::tour
