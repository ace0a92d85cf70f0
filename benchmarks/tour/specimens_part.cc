#include <algorithm>
#include <iterator>
#include <optional>
#include <string>

#include "benchmarks/tour/parts.h"
#include "benchmarks/tour/run_rows.h"
#include "scenarios/specimens/all.h"
#include "stress/run/search.h"

namespace weft::tour {
namespace {

using scenarios::Specimen;

constexpr Kind kKinds[] = {Kind::kAssertion, Kind::kException, Kind::kHang, Kind::kLivelock,
                           Kind::kCrash};

// Of the kinds that this program can see: it is no sanitizer's build.
std::optional<Kind> kind_named(std::string_view name) {
  const auto* found =
      std::ranges::find_if(kKinds, [&](Kind kind) { return to_string(kind) == name; });
  if (found == std::end(kKinds)) return std::nullopt;
  return *found;
}

// A hang or a livelock has to be waited for: these times are as short as is safe, so that many fit
// into a minute.
const Options kShortPatience{
    .hang_after = Seconds(0.25), .livelock_after = Seconds(1.0), .isolate = true};

std::string_view name_of(const Specimen* specimen) { return specimen->name; }

std::string test_of(const Specimen& specimen, const std::string& mode) {
  return "bazel test //stress/specimens:" +
         std::string(specimen.name.substr(0, specimen.name.find('/'))) + "_test_" + mode + "\n";
}

// For a specimen whose mistake leaves no trace that could be judged without a sanitizer.
std::string who_sees_it(const Specimen& specimen) {
  std::string text = "Real threads alone show no trace of it.\n";
  const std::string_view tsan = specimen.kind_under_tsan;
  const std::string_view asan = specimen.kind_under_asan;
  if (!tsan.empty() && tsan != scenarios::kind::kUnseen) {
    text += "ThreadSanitizer sees it (" + std::string(tsan) + "): " + test_of(specimen, "tsan");
  }
  if (!asan.empty() && asan != scenarios::kind::kUnseen) {
    text += "AddressSanitizer sees it (" + std::string(asan) + "): " + test_of(specimen, "asan");
  }
  return text;
}

Row row_of(const Specimen& specimen, const Report& report, bool as_expected,
           const std::string& details) {
  const std::string how(report.violated() ? to_string(report.violation->kind)
                                          : scenarios::kind::kUnseen);
  return {.cells = {std::string(specimen.name), how, report.executions, report.seconds,
                    std::string(specimen.mistake)},
          .as_expected = as_expected,
          .details = details};
}

Row catch_one(const Specimen* specimen) {
  const Body body = [&](Run& run) {
    const std::string broke = specimen->body();
    run.require(broke.empty(), broke);
  };
  const std::optional<Kind> wanted = kind_named(specimen->kind);
  Options options = kShortPatience;
  if (!wanted) {
    // Run it nevertheless: if it shows after all, so much the better.
    options.budget = Seconds(0.1);
    const Report report = search(specimen->name, body, options);
    const bool expected = specimen->kind == scenarios::kind::kUnseen && report.executions > 0;
    return row_of(*specimen, report, expected, who_sees_it(*specimen));
  }
  Report report = search_for(*wanted, specimen->name, body, options);
  report.replay = "WEFT_SEED=" + std::to_string(report.seed) + " bazel run //:tour -- --row " +
                  std::string(specimen->name);
  const bool caught = report.violation && report.violation->kind == *wanted;
  return row_of(*specimen, report, caught, report.text());
}

// "83 caught, 3 seen by sanitizers alone, 0 missed"
std::string outcome_of(const Part& part) {
  const auto unseen = std::ranges::count_if(part.rows, [](const Row& row) {
    return row.as_expected && std::get<std::string>(row.cells[1]) == scenarios::kind::kUnseen;
  });
  const auto missed = static_cast<std::ptrdiff_t>(part.unexpected());
  const auto caught = static_cast<std::ptrdiff_t>(part.rows.size()) - unseen - missed;
  std::string text = std::to_string(caught) + " caught, ";
  if (unseen > 0) text += std::to_string(unseen) + " seen by sanitizers alone, ";
  return text + std::to_string(missed) + " missed";
}

}  // namespace

std::vector<std::string> specimen_names() { return names_of(scenarios::all_specimens(), name_of); }

Part specimens_part(Progress& progress, const std::vector<std::string>& names) {
  Part part;
  part.key = "specimens";
  part.title = "Specimens";
  part.about =
      "Classic bugs, each with one mistake. It is run again and again on real threads, plainly and "
      "with seeded delays, until the bug shows in the way it should. \"unseen\" leaves no trace "
      "without a sanitizer, and is caught in the tests. A bug of yours that does not show may "
      "still be there: real threads cannot prove its absence.";
  part.columns = {{"name", "specimen", Unit::kText, width_of(specimen_names())},
                  {"caught_as", "caught as", Unit::kText, 9},
                  {"tries", "tries", Unit::kCount, 6},
                  {"seconds", "time", Unit::kSeconds, 7},
                  {"mistake", "the mistake", Unit::kText, 0}};
  run_rows(part, progress, names, scenarios::all_specimens(), name_of, catch_one);
  part.outcome = outcome_of(part);
  return part;
}

}  // namespace weft::tour
