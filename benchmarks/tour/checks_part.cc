#include <chrono>
#include <string>

#include "benchmarks/tour/checks.h"
#include "benchmarks/tour/parts.h"
#include "stress/run/search.h"

namespace weft::tour {
namespace {

std::string verdict_in_words(const Report& report) {
  if (report.violated()) return std::string(to_string(report.violation->kind));
  return "undecided";
}

Row search_one(const Check& check, Seconds budget) {
  Options options;
  options.budget = budget;
  options.executions = 1'000'000;
  options.isolate = true;
  const Report report = search(check.name, check.body, options);
  return {.cells = {std::string(check.name), verdict_in_words(report), report.executions,
                    report.seconds, std::string(check.property)},
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

std::vector<std::string> check_names() {
  std::vector<std::string> names;
  for (const Check& check : all_checks()) names.emplace_back(check.name);
  return names;
}

Part checks_part(Progress& progress, double seconds) {
  Part part;
  part.key = "checks";
  part.title = "Checks: properties of the primitives, searched for a violation";
  part.about =
      "\"undecided\" means that the budget was spent and nothing was found: so many executions on "
      "real threads did not violate the property. It never means that the property holds.";
  part.columns = {{"name", "of", Unit::kText, 24},
                  {"verdict", "verdict", Unit::kText, 10},
                  {"executions", "executions", Unit::kCount, 10},
                  {"seconds", "time", Unit::kSeconds, 7},
                  {"property", "property", Unit::kText, 0}};
  const auto start = std::chrono::steady_clock::now();
  const std::vector<Check> all = all_checks();
  const Seconds budget(seconds / static_cast<double>(all.size()));
  progress.begin(part, all.size());
  for (const Check& check : all) {
    progress.running(std::string(check.name));
    part.rows.push_back(search_one(check, budget));
    progress.finished(part, part.rows.back());
  }
  part.seconds = Seconds(std::chrono::steady_clock::now() - start).count();
  return part;
}

}  // namespace weft::tour
