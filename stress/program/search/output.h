// Where executions print to.
//
// Thread safety: by the search; redirect_output() by an execution's process.
#pragma once

#include <string>

namespace weft::program {

// Whether what all executions print is shown (show_output()).
bool shows_output();
// Before an execution's process is made: what a recorded one prints will be kept.
void prepare_output(bool recorded);
// In that process.
void redirect_output(bool recorded);

}  // namespace weft::program
