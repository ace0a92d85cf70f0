// A Finding as one page of HTML for a browser: complete in itself, without a request to anywhere.
//
// Lanes for the threads, time downwards; what each holds and waits for; who took the turn from
// whom; each step's source, and its stack when it is opened. It can be read without its script,
// which copies, opens and closes; on a narrow screen it is a list.
//
// Thread safety: pure functions.
// Invariants:     (I1) the same Finding gives the same bytes.
//                 (I2) texts of the tested program are shown, and never interpreted.
#pragma once

#include <cstddef>
#include <string>

#include "stress/report/finding.h"

namespace weft::report {

struct PageOptions {
  std::size_t rows = 2000;   // of more, the first ones and the last ones are shown
  std::size_t steps = 1000;  // in the list of one row, likewise
};

std::string page_of(const Finding& finding, const PageOptions& options = {});

}  // namespace weft::report
