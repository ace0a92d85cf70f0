// How soon each strategy finds each bug: executions to the first failure, over several seeds.
//
//   bazel run //benchmarks/harness:bug_finding -- --seeds=20 --executions=10000 --programs=reorder
//
//   --seeds=N        searches of each program by each strategy
//   --executions=N   and at most so many in each
//   --seconds=S      and so long
//   --programs=TEXT  those whose name has TEXT in it
//   --strategies=A,B those alone; stress and tsan are the same test on real threads, without and
//                    with ThreadSanitizer
//   --json=FILE      the same as JSON
//
// Prints a table in Markdown: the mean over the searches that found it, and (found/seeds) where
// that is not all. The first execution of a process, which runs thread after thread, counts.
//
// On real threads a search runs in the same program built for them, which lies beside this one, in
// a process of its own: a hang leaves its threads behind.
//
//   --one=PROGRAM --seed=K   that search alone; prints whether it found the bug, and its executions
#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "primitives/process/run.h"
#include "scenarios/specimens/all.h"
#include "stress/report/json_writer.h"
#include "stress/run/process.h"
#include "stress/run/search.h"

namespace weft::benchmarks {
namespace {

struct Wanted {
  std::uint64_t seeds = 20;
  std::uint64_t executions = 10'000;
  double seconds = 60;
  std::string programs;
  std::vector<std::string> strategies = {"stress", "tsan",   "random_walk", "pct:3",    "pos",
                                         "surw",   "places", "mixed",       "portfolio"};
  std::string json;
  std::string one;
  std::uint64_t seed = 1;
  std::string beside;  // this program's path, without what its name says of a build
};

[[noreturn]] void refuse(std::string_view argument) {
  std::fprintf(stderr, "bug_finding: %.*s: the options are in bug_finding.cc, with an example\n",
               static_cast<int>(argument.size()), argument.data());
  std::exit(2);
}

template <class Number>
void read(std::string_view argument, std::string_view text, Number& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number <= 0) refuse(argument);
}

Wanted wanted_from(int argc, char** argv) {
  Wanted wanted;
  wanted.beside = argv[0];
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    const std::size_t equals = std::min(argument.find('='), argument.size() - 1);
    const std::string_view name = argument.substr(0, equals);
    const std::string_view value = argument.substr(equals + 1);
    if (name == "--seeds") {
      read(argument, value, wanted.seeds);
    } else if (name == "--executions") {
      read(argument, value, wanted.executions);
    } else if (name == "--seconds") {
      read(argument, value, wanted.seconds);
    } else if (name == "--programs") {
      wanted.programs = value;
    } else if (name == "--json") {
      wanted.json = value;
    } else if (name == "--one") {
      wanted.one = value;
    } else if (name == "--seed") {
      read(argument, value, wanted.seed);
    } else if (name == "--strategies") {
      wanted.strategies.clear();
      for (std::size_t begin = 0; begin <= value.size();) {
        const std::size_t end = std::min(value.find(',', begin), value.size());
        wanted.strategies.emplace_back(value.substr(begin, end - begin));
        begin = end + 1;
      }
    } else {
      refuse(argument);
    }
  }
  return wanted;
}

struct Program {
  std::string name;
  std::string (*body)();
};

std::vector<Program> programs_named(const std::string& part) {
  std::vector<Program> programs;
  const auto add = [&](std::string_view name, std::string (*body)()) {
    if (name.find(part) != name.npos) programs.push_back({std::string(name), body});
  };
  for (const scenarios::Classic* each : scenarios::classic_specimens()) {
    add(each->name, each->body);
  }
  for (const scenarios::Specimen* each : scenarios::all_specimens()) {
    // What no schedule shows by itself is not what strategies differ in.
    if (each->kind != scenarios::kind::kUnseen &&
        each->kind_under_explore != scenarios::kind::kUnseen) {
      add(each->name, each->body);
    }
  }
  return programs;
}

struct Cell {
  std::uint64_t found = 0;
  std::vector<std::uint64_t> executions;  // to the failure
  std::uint64_t run = 0;                  // in all
  double seconds = 0;

  double mean() const {
    double sum = 0;
    for (const std::uint64_t each : executions) sum += static_cast<double>(each);
    return executions.empty() ? NAN : sum / static_cast<double>(executions.size());
  }
};

struct Found {
  bool found = false;
  std::uint64_t executions = 0;
  double seconds = 0;
};

// By the strategy, under the explorer; on real threads there is none.
Found search_once(const Program& program, const std::string& strategy, std::uint64_t seed,
                  const Wanted& wanted) {
  Options options;
  options.seed = seed_of({seed});
  options.budget = Seconds(wanted.seconds);
  options.executions = wanted.executions;
  options.strategy = strategy;
  options.minimise = Seconds(0);
  options.lock_order = false;  // it is told at the end of a search
  const Report report = search(
      program.name,
      [&](Run& run) {
        const std::string broke = program.body();
        run.require(broke.empty(), broke);
      },
      options);
  // The first execution is apart from those counted, unless it was the one.
  return {.found = report.violated(),
          .executions = report.executions + (report.execution > 0 ? 1 : 0),
          .seconds = report.seconds};
}

[[noreturn]] void give_up(const std::string& why) {
  std::fprintf(stderr, "bug_finding: %s\n", why.c_str());
  std::exit(1);
}

// The same by the program that was built for real threads; `build` is "stress" or "tsan".
Found search_beside(const Program& program, const std::string& build, std::uint64_t seed,
                    const Wanted& wanted) {
  const CompletedProcess answer = weft::run(
      {wanted.beside + "_" + build, "--one=" + program.name, "--seed=" + std::to_string(seed),
       "--executions=" + std::to_string(wanted.executions),
       "--seconds=" + std::to_string(wanted.seconds)},
      {.start = {.out = Redirect::pipe(), .err = Redirect::null()}});
  Found found;
  int is_found = 0;
  unsigned long executions = 0;
  if (std::sscanf(answer.out->c_str(), "%d %lu %lf", &is_found, &executions, &found.seconds) != 3) {
    give_up("no answer from " + answer.args[0] + " " + answer.args[1]);
  }
  found.found = is_found != 0;
  found.executions = executions;
  return found;
}

bool on_real_threads(const std::string& strategy) {
  return strategy == "stress" || strategy == "tsan";
}

Cell measure(const Program& program, const std::string& strategy, const Wanted& wanted) {
  Cell cell;
  for (std::uint64_t seed = 1; seed <= wanted.seeds; ++seed) {
    const Found one = on_real_threads(strategy) ? search_beside(program, strategy, seed, wanted)
                                                : search_once(program, strategy, seed, wanted);
    cell.run += one.executions;
    cell.seconds += one.seconds;
    if (!one.found) continue;
    ++cell.found;
    cell.executions.push_back(one.executions);
  }
  return cell;
}

// Prints what search_beside() reads.
int search_one(const Wanted& wanted) {
  for (const Program& program : programs_named(wanted.one)) {
    if (program.name != wanted.one) continue;
    const Found one = search_once(program, {}, wanted.seed, wanted);
    std::printf("%d %lu %f\n", one.found ? 1 : 0, static_cast<unsigned long>(one.executions),
                one.seconds);
    return 0;
  }
  give_up("no program " + wanted.one);
}

std::string in_words(const Cell& cell, std::uint64_t seeds) {
  char text[64];
  if (cell.found == 0) return "0/" + std::to_string(seeds);
  std::snprintf(text, sizeof text, cell.mean() < 10 ? "%.1f" : "%.0f", cell.mean());
  return cell.found == seeds ? text
                             : std::string(text) + " (" + std::to_string(cell.found) + "/" +
                                   std::to_string(seeds) + ")";
}

std::string json_of(const std::string& strategy, const Cell& cell) {
  std::string list;
  for (const std::uint64_t each : cell.executions) {
    list += (list.empty() ? "" : ", ") + std::to_string(each);
  }
  report::Items items("        ");
  items.add("found", std::to_string(cell.found));
  items.add("mean", report::json_number(cell.mean()));
  items.add("executions_to_failure", "[" + list + "]");
  items.add("executions", std::to_string(cell.run));
  items.add("seconds", report::json_number(cell.seconds));
  return report::json_string(strategy) + ": {" + items.text() + "\n      }";
}

int main_of(int argc, char** argv) {
  const Wanted wanted = wanted_from(argc, argv);
  if (!wanted.one.empty()) return search_one(wanted);
  std::printf("| program |");
  for (const std::string& strategy : wanted.strategies) std::printf(" %s |", strategy.c_str());
  std::printf("\n|---|");
  for (std::size_t i = 0; i < wanted.strategies.size(); ++i) std::printf("---|");
  std::printf("\n");
  report::Items rows("    ");
  for (const Program& program : programs_named(wanted.programs)) {
    std::printf("| %s |", program.name.c_str());
    report::Items cells("      ");
    for (const std::string& strategy : wanted.strategies) {
      const Cell cell = measure(program, strategy, wanted);
      std::printf(" %s |", in_words(cell, wanted.seeds).c_str());
      std::fflush(stdout);
      cells.add(json_of(strategy, cell));
    }
    std::printf("\n");
    rows.add(program.name, "{" + cells.text() + "\n    }");
  }
  if (!wanted.json.empty()) {
    report::Items items("  ");
    items.add("seeds", std::to_string(wanted.seeds));
    items.add("executions_at_most", std::to_string(wanted.executions));
    items.add("programs", "{" + rows.text() + "\n  }");
    std::ofstream(wanted.json) << "{" << items.text() << "\n}\n";
  }
  return 0;
}

}  // namespace
}  // namespace weft::benchmarks

int main(int argc, char** argv) { weft::leave(weft::benchmarks::main_of(argc, argv)); }
