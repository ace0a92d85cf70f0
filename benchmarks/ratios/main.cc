// bazel run //benchmarks:ratios: what ours costs beside its peers, and whether that is what we
// want.
//
// Each benchmark runs in a process of its own, one repetition a round, all of them in each round,
// so that what disturbs the machine for a while disturbs ours and the peers alike; the medians
// count. Exit status: 0 all floors are reached, 10 one is not, 1 something failed.
#include <stdio.h>
#include <stdlib.h>

#include <algorithm>
#include <exception>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "benchmarks/ratios/row.h"
#include "benchmarks/ratios/run_benchmark.h"

namespace weft::benchmarks {
namespace {

constexpr int kBelowAFloor = 10;

struct Options {
  int rounds = 7;
  std::string min_time = "0.2";
  std::string only;  // rows whose names contain this
};

constexpr const char* kUsage =
    "ratios [--rounds=7] [--min_time=SECONDS] [--only=TEXT]\n"
    "  Compares the figures of benchmarks/ratios/rows.cc; with --only, rows whose names contain "
    "it.\n";

bool read(Options& options, std::string_view argument) {
  const auto value_of = [&](std::string_view name, std::string& value) {
    if (!argument.starts_with(name)) return false;
    value = argument.substr(name.size());
    return true;
  };
  std::string rounds;
  if (value_of("--rounds=", rounds)) {
    options.rounds = atoi(rounds.c_str());
    return options.rounds > 0;
  }
  return value_of("--min_time=", options.min_time) || value_of("--only=", options.only);
}

// A figure on so many processors: what several rows may share.
using Key = std::pair<std::pair<Named, std::string>, unsigned>;
using Values = std::map<Key, std::vector<double>>;

Key key(const Row& row, const Named& named) { return {{named, row.figure}, row.processors}; }

Values measure(const std::vector<Row>& rows, const Options& options) {
  Values values;
  for (const Row& row : rows) {
    values[key(row, row.ours)];
    for (const Named& peer : row.peers) values[key(row, peer)];
  }
  for (int round = 1; round <= options.rounds; ++round) {
    fprintf(stderr, "round %d of %d\n", round, options.rounds);
    for (auto& [key, measured] : values) {
      const auto value = run_benchmark(key.first.first, key.first.second,
                                       {.min_time = options.min_time, .processors = key.second});
      if (value) measured.push_back(*value);
    }
  }
  return values;
}

std::string span(const std::vector<double>& values) {
  if (values.empty()) return "-";
  const auto [least, most] = std::minmax_element(values.begin(), values.end());
  char text[96];
  snprintf(text, sizeof(text), "%.4g (%.4g-%.4g, n=%zu)", median(values), *least, *most,
           values.size());
  return text;
}

bool print(const Row& row, const Values& values) {
  const Measured ours{row.ours, values.at(key(row, row.ours))};
  std::vector<Measured> peers;
  for (const Named& peer : row.peers) peers.push_back({peer, values.at(key(row, peer))});
  const Judgement judgement = judge(row, ours, peers);
  printf("%s\n  floor %s %g, aim %g: ", row.name.c_str(),
         row.sense == Sense::kMore ? ">=" : "<=", row.floor, row.aim);
  if (judgement.verdict == Verdict::kNotMeasured) {
    printf("not measured\n");
  } else {
    printf("measured %.3g, %s\n", judgement.ratio,
           std::string(to_string(judgement.verdict)).c_str());
  }
  printf("    %-62s %s\n", row.ours.name.c_str(), span(ours.values).c_str());
  for (const Measured& peer : peers) {
    printf("    %-62s %s\n", peer.of.name.c_str(),
           peer.values.empty() ? "absent" : span(peer.values).c_str());
  }
  return judgement.verdict != Verdict::kBelow;
}

int run(const Options& options) {
  std::vector<Row> rows;
  for (const Row& row : all_rows()) {
    if (row.name.find(options.only) != std::string::npos) rows.push_back(row);
  }
  const Values values = measure(rows, options);
  bool all = true;
  for (const Row& row : rows) all &= print(row, values);
  return all ? 0 : kBelowAFloor;
}

}  // namespace
}  // namespace weft::benchmarks

int main(int argc, char** argv) {
  weft::benchmarks::Options options;
  for (int i = 1; i < argc; ++i) {
    if (weft::benchmarks::read(options, argv[i])) continue;
    fprintf(stderr, "%s", weft::benchmarks::kUsage);
    return 1;
  }
  try {
    return weft::benchmarks::run(options);
  } catch (const std::exception& error) {
    fprintf(stderr, "ratios: %s\n", error.what());
    return 1;
  }
}
