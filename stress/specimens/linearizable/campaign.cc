// That the right twins stay silent: generated programs of each, explored, far more than in a test.
//
//   bazel run //stress/specimens/linearizable:campaign -- --programs=100000 --json=FILE
//
//   --programs=N     of each twin (100 000)
//   --executions=N   of each program (25)
//   --seconds=S      for each twin at most (3600)
//   --seed=K         of the first program (1)
//   --only=NAME      that twin alone
//   --broken         the broken ones instead, which must not be silent: what shows that this can
//   fail
//   --json=FILE      what is printed, as JSON
//
// Prints a line for each; ends with 1 if one is not as it must be, and with 2 for a wrong option.
#include <charconv>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <string_view>

#include "stress/generate/property.h"
#include "stress/report/json_writer.h"
#include "stress/specimens/linearizable/row.h"

namespace weft::linearizable {
namespace {

struct Wanted {
  std::uint64_t programs = 100'000;
  std::uint64_t executions = 25;
  double seconds = 3600;
  std::uint64_t seed = 1;
  bool broken = false;
  std::string only;
  std::string json;
};

[[noreturn]] void refuse(std::string_view argument) {
  std::fprintf(stderr, "campaign: %.*s: the options are in campaign.cc, with an example\n",
               static_cast<int>(argument.size()), argument.data());
  std::exit(2);
}

template <class Number>
void read(std::string_view argument, std::string_view text, Number& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) refuse(argument);
}

Wanted wanted_by(int argc, char** argv) {
  Wanted wanted;
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    const std::size_t equals = argument.find('=');
    const std::string_view name = argument.substr(0, equals);
    const std::string_view value = equals == argument.npos ? "" : argument.substr(equals + 1);
    if (name == "--programs") {
      read(argument, value, wanted.programs);
    } else if (name == "--executions") {
      read(argument, value, wanted.executions);
    } else if (name == "--seconds") {
      read(argument, value, wanted.seconds);
    } else if (name == "--seed") {
      read(argument, value, wanted.seed);
    } else if (name == "--only") {
      wanted.only = value;
    } else if (name == "--json") {
      wanted.json = value;
    } else if (argument == "--broken") {
      wanted.broken = true;
    } else {
      refuse(argument);
    }
  }
  return wanted;
}

// Whether it is as it must be.
bool run(const Row& row, const Wanted& wanted, report::Items& figures) {
  generate::Search search;
  search.calls_max = row.calls_max;
  search.programs = wanted.programs;
  search.explored = wanted.executions;
  search.in_lockstep = false;
  search.options.seed = wanted.seed;
  search.options.budget = Seconds(wanted.seconds);
  const auto begin = std::chrono::steady_clock::now();
  const generate::Verdict verdict =
      generate::find_violation((wanted.broken ? row.broken : row.mended)(), search);
  const double seconds = Seconds(std::chrono::steady_clock::now() - begin).count();
  const bool is_right = verdict.violation.has_value() == wanted.broken;
  const std::string name(row.name);
  std::printf("%-20s %9llu programs %11llu executions %9llu histories %7.1f s  %s\n", name.c_str(),
              static_cast<unsigned long long>(verdict.programs),
              static_cast<unsigned long long>(verdict.executions),
              static_cast<unsigned long long>(verdict.histories), seconds,
              verdict.violation ? "violated" : "silent");
  if (verdict.violation && !wanted.broken) std::printf("%s\n", text(verdict).c_str());
  std::fflush(stdout);
  report::Fields fields;
  fields.text("name", name);
  fields.number("programs", verdict.programs);
  fields.number("calls", verdict.calls);
  fields.number("executions", verdict.executions);
  fields.number("histories", verdict.histories);
  fields.number("undecided", verdict.undecided);
  fields.add("seconds", report::json_number(seconds));
  fields.text("verdict", verdict.violation ? "violated" : "silent");
  if (verdict.violation) fields.text("violation", verdict.violation->replay);
  figures.add(fields.object());
  return is_right;
}

int campaign(const Wanted& wanted) {
  report::Items figures("    ");
  bool all_right = true;
  bool any = false;
  for (const Row& row : rows()) {
    if (!wanted.only.empty() && row.name != wanted.only) continue;
    any = true;
    all_right = run(row, wanted, figures) && all_right;
  }
  if (!any) refuse("--only=" + wanted.only);
  if (!wanted.json.empty()) {
    std::ofstream file(wanted.json);
    file << "{\n  \"version\": 1,\n  \"seed\": " << wanted.seed << ",\n  \"twins\": ["
         << figures.text() << "\n  ]\n}\n";
    if (!file.flush()) refuse("--json=" + wanted.json);
  }
  return all_right ? 0 : 1;
}

}  // namespace
}  // namespace weft::linearizable

int main(int argc, char** argv) {
  return weft::linearizable::campaign(weft::linearizable::wanted_by(argc, argv));
}
