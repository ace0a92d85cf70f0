#include <chrono>
#include <optional>
#include <string>

#include "benchmarks/tour/parts.h"
#include "scenarios/specimens/all.h"
#include "stress/run/search.h"

namespace weft::tour {
namespace {

using scenarios::Specimen;

constexpr Kind kKinds[] = {Kind::kAssertion,       Kind::kException, Kind::kHang,
                           Kind::kLivelock,        Kind::kDataRace,  Kind::kLockInversion,
                           Kind::kSanitizerReport, Kind::kCrash};

std::optional<Kind> kind_named(std::string_view name) {
  for (const Kind kind : kKinds) {
    if (to_string(kind) == name) return kind;
  }
  return std::nullopt;
}

// A hang or a livelock has to be waited for: these are as short as is safe, so that many fit into a
// minute. The bodies neither sleep nor wait for a time.
Options short_patience() {
  Options options;
  options.hang_after = Seconds(0.25);
  options.livelock_after = Seconds(1.0);
  options.isolate = true;
  return options;
}

Row not_a_kind(const Specimen& specimen) {
  return {.cells = {std::string(specimen.name), std::string(specimen.kind), std::uint64_t{0}, 0.0,
                    std::string(specimen.mistake)},
          .as_expected = false,
          .details = "its kind is none that a search reports"};
}

Row catch_one(const Specimen& specimen) {
  const std::optional<Kind> wanted = kind_named(specimen.kind);
  if (!wanted) return not_a_kind(specimen);
  const Body body = [&](Run& run) {
    const std::string broke = specimen.body();
    run.require(broke.empty(), broke);
  };
  const Report report = search_for(*wanted, specimen.name, body, short_patience());
  const bool caught = report.violation && report.violation->kind == *wanted;
  const std::string how =
      report.violation ? std::string(to_string(report.violation->kind)) : "not found";
  return {.cells = {std::string(specimen.name), how, report.executions, report.seconds,
                    std::string(specimen.mistake)},
          .as_expected = caught,
          .details = report.text()};
}

}  // namespace

std::vector<std::string> specimen_names() {
  std::vector<std::string> names;
  for (const Specimen* specimen : scenarios::all_specimens()) names.emplace_back(specimen->name);
  return names;
}

Part specimens_part(Progress& progress) {
  Part part;
  part.key = "specimens";
  part.title = "Specimens: classic bugs, each to be caught";
  part.about =
      "Each has one mistake. It is run again and again on real threads, plainly and with seeded "
      "delays, until the bug shows in the way it should. A bug that does not show here may still "
      "be there: real threads cannot prove its absence.";
  part.columns = {{"name", "specimen", Unit::kText, 42},
                  {"caught_as", "caught as", Unit::kText, 10},
                  {"tries", "tries", Unit::kCount, 6},
                  {"seconds", "time", Unit::kSeconds, 7},
                  {"mistake", "the mistake", Unit::kText, 0}};
  const auto start = std::chrono::steady_clock::now();
  const auto all = scenarios::all_specimens();
  progress.begin(part, all.size());
  for (const Specimen* specimen : all) {
    progress.running(std::string(specimen->name));
    part.rows.push_back(catch_one(*specimen));
    progress.finished(part, part.rows.back());
  }
  part.seconds = Seconds(std::chrono::steady_clock::now() - start).count();
  return part;
}

}  // namespace weft::tour
