// A row of the comparison: a figure of ours, the same of its peers, and the ratio that is wanted.
//
// Thread safety: pure functions and value types.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace weft::benchmarks {

// A benchmark by its program, from the root of the tree, and its whole name.
struct Named {
  std::string program;
  std::string name;
  friend bool operator<(const Named& a, const Named& b) {
    return a.program != b.program ? a.program < b.program : a.name < b.name;
  }
};

enum class Sense {
  kMore,  // ours is to be at least so many times the best peer's, where more is better
  kLess,  // ours is to be at most so many times the best peer's, where less is better
};

struct Row {
  std::string name;
  Sense sense = Sense::kMore;
  // In times of the best peer; of 1 where there are no peers, which makes them plain values.
  double floor = 1;
  double aim = 1;
  // The field of Google Benchmark's JSON: "items_per_second", "real_time", or a counter.
  std::string figure = "items_per_second";
  // 0: the processors that this process has; else the first so many of them.
  unsigned processors = 0;
  Named ours;
  std::vector<Named> peers;
};

// All rows, in rows.cc.
const std::vector<Row>& all_rows();

enum class Verdict { kAim, kFloor, kBelow, kNotMeasured };
std::string_view to_string(Verdict verdict);

// What was measured of one benchmark; empty values for a peer that this machine lacks.
struct Measured {
  Named of;
  std::vector<double> values;
};

double median(std::vector<double> values);

struct Judgement {
  Verdict verdict = Verdict::kNotMeasured;
  double ratio = 0;           // meaningless if not measured
  std::optional<Named> best;  // of the peers; empty if there are none
  std::vector<Named> absent;  // peers
};

// By medians. Not measured: ours has no value, or the row has peers and none is there.
Judgement judge(const Row& row, const Measured& ours, const std::vector<Measured>& peers);

}  // namespace weft::benchmarks
