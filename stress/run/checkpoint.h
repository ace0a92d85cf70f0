// The state of a long search in a file, so that a later process goes on where this one was ended,
// by whatever: the next executions are those that would have come.
//
// Thread safety: by the search.
// Invariants:     (I1) the file is a whole state at any moment: a new one is written beside it and
//                      takes its place at once.
//                 (I2) no state is taken from a file of another search: another body, program,
//                      seed, option or share.
#pragma once

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "stress/run/strategies.h"

namespace weft::internal {

// A file that is no checkpoint of this search; what() says why, and what to do.
class CheckpointError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct Checkpoint {
  // What must be the same for the state to mean anything: lines of "what: value".
  std::vector<std::pair<std::string, std::string>> search;

  std::uint64_t executions = 0;  // done; hence where the seeds are
  double seconds = 0;            // of all processes so far
  std::uint64_t program = 0;     // the seed of what is searched systematically
  bool drew_random = false;
  Strategies::State strategies;
  std::vector<std::uint64_t> conflicts;  // coverage, as explore::conflicts()
  std::vector<std::uint64_t> digests;    // of the interleavings seen

  bool operator==(const Checkpoint&) const = default;
};

// Throws CheckpointError if it cannot be written.
void save(const Checkpoint& checkpoint, const std::string& path);
// Nothing if there is no such file. Throws CheckpointError if it is damaged, or not of the search
// that `search` tells.
std::optional<Checkpoint> load(const std::string& path,
                               const std::vector<std::pair<std::string, std::string>>& search);

// Of the running program's file: another one after another build.
std::string program_digest();

}  // namespace weft::internal
