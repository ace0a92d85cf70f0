// A Finding for people: its steps with one column a thread, and how it ended.
//
// Thread safety: pure functions.
#pragma once

#include <cstddef>
#include <string>

#include "stress/report/finding.h"

namespace weft::report {

struct TableOptions {
  std::size_t width = 140;  // characters in a line; source places may make it longer
  std::size_t rows = 400;   // of more, the first ones and the last ones are shown
};

// The interleaving, what its unnamed objects are, and who waits for whom at the end, with stacks.
// Lines are indented by two; the text ends with a newline.
std::string table_of(const Finding& finding, const TableOptions& options = {});

}  // namespace weft::report
