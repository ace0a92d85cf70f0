// The steps of a Finding as the rows of a table: what a person needs of them, in words.
//
// Thread safety: pure functions.
// Invariants:     (I1) rows are in the order of the steps, and a row's steps are consecutive and of
//                      one thread, except that repetitions of earlier rows are left out and
//                      counted.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "stress/report/finding.h"

namespace weft::report {

struct Row {
  unsigned thread = 0;
  std::size_t step = 0;  // the first of them; as many as there are for one that is still to come
  std::size_t end = 0;   // the one behind the last of them, and of repetitions left out after it
  std::string text;      // "counter.load() -> 0", "Lock::lock 'alice' (5 steps)"
  std::vector<std::string> marks;  // "waits, held by left"
  std::string where;               // "file.cc:12"; empty if not known
  std::string source;              // that line; empty if not known
  bool preempted = false;          // the row before is of another thread, which could have gone on
};

// Of a list that is longer than `most` the part to leave out: its beginning shows how it came, and
// its end, of which more is kept, what came. Empty if all can be shown; never all.
struct Middle {
  std::size_t begin = 0;
  std::size_t end = 0;

  std::size_t size() const { return end - begin; }
  bool operator==(const Middle&) const = default;
};
Middle middle_of(std::size_t size, std::size_t most);

// Steps inside one call of a primitive, or of what the standard library makes of atomics, are one
// row; so are repetitions, as of a thread that spins.
std::vector<Row> rows_of(const Finding& finding);

}  // namespace weft::report
