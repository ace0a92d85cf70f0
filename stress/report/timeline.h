// A Finding along time: its rows, and beside each what every thread is doing and holds.
//
// Thread safety: pure functions.
// Invariants:     (I1) moments are the rows of rows_of(), in their order.
//                 (I2) each step is in exactly one moment's [begin, end).
// Non-invariants: that who is said to have woken a thread was the only one who could have.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "stress/report/finding.h"
#include "stress/report/rows.h"

namespace weft::report {

enum class Life { kNotYet, kRuns, kWaits, kEnded };

// A lock in a thread's hands. `before` and `after`: when the row begins, and when it has ended.
struct Hold {
  unsigned thread = 0;
  unsigned object = 0;
  bool before = false;
  bool after = false;

  bool operator==(const Hold&) const = default;
};

struct Moment {
  Row row;
  std::size_t begin = 0;    // all steps since the moment before: the row's own, and those that
  std::size_t end = 0;      // no row shows
  std::vector<Life> lives;  // of each thread, when the row has ended
  std::vector<Hold> holds;  // in the order in which they were taken
  std::optional<std::size_t> woken_by;  // the step that ended the wait after which the row begins
};

std::vector<Moment> timeline_of(const Finding& finding);

}  // namespace weft::report
