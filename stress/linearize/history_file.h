// Histories from JSON lines, as docs/histories.md describes them.
//
// Thread safety: pure functions.
#pragma once

#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "stress/linearize/history.h"
#include "stress/linearize/specification.h"

namespace weft::linearize {

// what() begins with the file and the line, and says what to do.
class HistoryFileError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct HistoryFile {
  History history;
  std::vector<std::string> threads;             // their names, as JSON
  std::vector<std::vector<std::size_t>> lines;  // of each call, where it was called
};

// `name` is the file's, for errors. Throws HistoryFileError.
HistoryFile read_history(std::string_view name, std::string_view text,
                         const Specification& specification);

}  // namespace weft::linearize
