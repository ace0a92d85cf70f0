// What the tour found, as tables: the terminal, the JSON file and the HTML page all show this.
//
// Thread safety: values.
// Invariants: every row has as many cells as its part has columns, of the type that the column's
// unit names. Keys are unique within their part, and fit to be names in JSON.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "benchmarks/machine/facts.h"

namespace weft::tour {

enum class Unit {
  kText,
  kCount,    // std::uint64_t
  kSeconds,  // double, as the three below
  kPerSecond,
  kRatio,
  kShare,  // 0 to 1, shown in percent
};

using Cell = std::variant<std::string, std::uint64_t, double>;

struct Column {
  std::string key;
  std::string title;
  Unit unit = Unit::kText;
  int width = 0;  // on a terminal, in characters; 0: as long as it is, for the last column
};

struct Row {
  std::vector<Cell> cells;
  bool as_expected = false;
  std::string details;  // more for those who ask: a report, what was printed; may be empty
};

struct Part {
  std::string key;
  std::string title;
  std::string about;    // what is shown, and what it does not show
  std::string outcome;  // in a few words: "27 undecided, 0 violated"
  std::vector<Column> columns;
  std::vector<Row> rows;
  double seconds = 0;

  std::size_t unexpected() const;
};

struct Result {
  std::string date;  // "2026-01-31T23:59:59Z"
  machine::Facts facts;
  double interference = -1;  // the share of the machine that others took; negative if not known
  std::vector<Part> parts;
  double seconds = 0;

  // There is something, and all of it is as expected.
  bool as_expected() const;
};

// "1.23 M/s", "0.4 s", "97 %": for people.
std::string shown(const Cell& cell, Unit unit);

// As wide as the longest text, for a column whose texts are known beforehand.
int width_of(const std::vector<std::string>& texts);

// One row a part, with its counts and its outcome.
Part summary(const Result& result);

}  // namespace weft::tour
