#include <algorithm>
#include <cstddef>
#include <map>
#include <string>
#include <variant>

#include "benchmarks/tour/parts.h"
#include "benchmarks/tour/run_rows.h"
#include "benchmarks/tour/shared_text.h"
#include "scenarios/all.h"
#include "stress/run/search.h"

namespace weft::tour {
namespace {

using scenarios::Scenario;

std::string_view name_of(const Scenario* scenario) { return scenario->target; }

// In a process of its own, so that one that hangs or crashes is a row and not the end of the tour.
Row run_one(const Scenario* scenario) {
  SharedText printed;
  const Body body = [&](Run& run) {
    scenarios::Transcript transcript;
    scenario->run(transcript, {});
    const scenarios::Lines lines = transcript.lines();
    for (const std::string& line : lines) printed.append(line + "\n");
    const std::string broke = scenario->judge(lines);
    run.require(broke.empty(), broke);
  };
  const Report report =
      search(scenario->row, body, {.executions = 1, .perturb = kPlain, .isolate = true});
  return {.cells = {std::string(scenario->row), std::string(scenario->target), report.seconds,
                    std::string(scenario->shows)},
          .as_expected = !report.violated(),
          .details = report.violated() ? report.text() + printed.read() : printed.read()};
}

// Rows of the documents of which all scenarios, for threads and for processes, showed what they
// should.
std::size_t rows_shown(const Part& part) {
  std::map<std::string, bool> shown;
  for (const Row& row : part.rows) {
    bool& good = shown.try_emplace(std::get<std::string>(row.cells[0]), true).first->second;
    good = good && row.as_expected;
  }
  return static_cast<std::size_t>(
      std::ranges::count_if(shown, [](const auto& row) { return row.second; }));
}

}  // namespace

std::vector<std::string> scenario_names() { return names_of(scenarios::all_scenarios(), name_of); }

Part scenarios_part(Progress& progress, const std::vector<std::string>& names) {
  const auto all = scenarios::all_scenarios();
  Part part;
  part.key = "scenarios";
  part.title = "Scenarios";
  part.about =
      "The documents' examples, each once, in a process of its own; its property is judged from "
      "what it printed. That it was right once does not mean that it cannot go wrong: the tests "
      "search for that.";
  part.columns = {{"row", "row", Unit::kText, 7},
                  {"target", "target", Unit::kText, width_of(names_of(all, name_of))},
                  {"seconds", "time", Unit::kSeconds, 7},
                  {"shows", "shows", Unit::kText, 0}};
  run_rows(part, progress, names, all, name_of, run_one);
  part.outcome = std::to_string(part.rows.size() - part.unexpected()) +
                 " showed what they should, " + std::to_string(part.unexpected()) +
                 " did not; of the documents' rows " + std::to_string(rows_shown(part)) + " of " +
                 std::to_string(scenarios::kRows);
  return part;
}

}  // namespace weft::tour
