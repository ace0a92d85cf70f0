#include <chrono>
#include <string>

#include "benchmarks/tour/parts.h"
#include "benchmarks/tour/shared_text.h"
#include "scenarios/all.h"
#include "stress/run/search.h"

namespace weft::tour {
namespace {

using scenarios::Scenario;

// In a process of its own, so that one that hangs or crashes is a row and not the end of the tour.
Row run_one(const Scenario& scenario) {
  SharedText printed;
  const Body body = [&](Run& run) {
    scenarios::Transcript transcript;
    scenario.run(transcript, {});
    const scenarios::Lines lines = transcript.lines();
    for (const std::string& line : lines) printed.append(line + "\n");
    const std::string broke = scenario.judge(lines);
    run.require(broke.empty(), broke);
  };
  const Report report =
      search(scenario.row, body, {.executions = 1, .perturb = kPlain, .isolate = true});
  return {.cells = {std::string(scenario.row), std::string(scenario.target), report.seconds,
                    std::string(scenario.shows)},
          .as_expected = !report.violated(),
          .details = report.violated() ? report.text() + printed.read() : printed.read()};
}

}  // namespace

std::vector<std::string> scenario_names() {
  std::vector<std::string> names;
  for (const Scenario* scenario : scenarios::all_scenarios()) names.emplace_back(scenario->row);
  return names;
}

Part scenarios_part(Progress& progress) {
  Part part;
  part.key = "scenarios";
  part.title = "Scenarios: the documents' examples, run and judged";
  part.about =
      "Each example once, in a process of its own; its property is judged from what it printed. "
      "That it was right once does not mean that it cannot go wrong: the tests search for that.";
  part.columns = {{"row", "row", Unit::kText, 7},
                  {"target", "target", Unit::kText, 40},
                  {"seconds", "time", Unit::kSeconds, 7},
                  {"shows", "shows", Unit::kText, 0}};
  const auto start = std::chrono::steady_clock::now();
  const auto all = scenarios::all_scenarios();
  progress.begin(part, all.size());
  for (const Scenario* scenario : all) {
    progress.running(std::string(scenario->target));
    part.rows.push_back(run_one(*scenario));
    progress.finished(part, part.rows.back());
  }
  part.seconds = Seconds(std::chrono::steady_clock::now() - start).count();
  return part;
}

}  // namespace weft::tour
