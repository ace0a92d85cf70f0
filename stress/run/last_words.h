// Where everybody is when SIGTERM, as Bazel sends it when a test's time is up, ends the process
// outside of any check. Inside of one, its search says it (search.cc).
//
// Thread safety: any thread.
// Non-invariants: that the words are printed. They need memory and a thread more, and the threads
// may have stopped where there is neither to be had; the process then ends without them.
#pragma once

namespace weft::internal {

// From now on.
void print_all_stacks_at_termination();

}  // namespace weft::internal
