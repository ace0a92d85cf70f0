// The stacks of threads of this process, also of threads that are blocked for good.
//
// Thread safety: one call of stacks_of() at a time.
#pragma once

#include <string>
#include <vector>

#include "stress/run/options.h"

namespace weft::internal {

// One stack for each of `tids`, innermost frame first, as code addresses; empty for a thread that
// did not answer in time. The threads run a signal handler, so system calls of theirs may end with
// EINTR: only for threads that nobody needs any more.
std::vector<std::vector<void*>> stacks_of(const std::vector<int>& tids, Seconds patience);

// The addresses in words: "function at file:line", an inlined call being a frame of its own.
// Return addresses are taken for the calls before them. Uses the sanitizer's symbolizer if there is
// one, else llvm-symbolizer or addr2line from PATH, else what the dynamic linker knows.
std::vector<std::vector<std::string>> symbolized(const std::vector<std::vector<void*>>& stacks);

// A place in the sources; the file is empty if it is not known.
struct SourcePlace {
  std::string function;
  std::string file;
  unsigned line = 0;
};

struct Symbols {
  std::vector<std::vector<SourcePlace>> stacks;
  std::vector<std::string> variables;  // "counter", "table+8"; empty if not known
};

// As symbolized(), for machines to read, and with the names of variables at addresses; all of it by
// one run of a symbolizer.
Symbols symbols_of(const std::vector<std::vector<void*>>& stacks,
                   const std::vector<void*>& variables);

// "function at file:line".
std::string to_string(const SourcePlace& place);
// Whether a frame is no tested code: how Weft and the standard library come to call it, or what it
// calls of theirs.
bool is_plumbing(const std::string& frame);

// Without the frames of Weft and of the standard library below and above the tested code.
std::vector<std::string> without_plumbing(std::vector<std::string> frames);

}  // namespace weft::internal
