// Tables and progress for a terminal or a log.
//
// On a terminal the line of what is running is overwritten by the line of its result; elsewhere
// only results are written, each as a line.
//
// Thread safety: from one thread.
#pragma once

#include <cstdio>
#include <string>

#include "benchmarks/tour/model.h"

namespace weft::tour {

// One line of a table, without a newline.
std::string text_line(const Part& part, const Row& row);
std::string text_header(const Part& part);
// The whole table, with its title.
std::string text_table(const Part& part);

class Progress {
 public:
  // `terminal`: whether lines may be overwritten. Does not own `stream`.
  Progress(std::FILE* stream, bool terminal) : stream_(stream), terminal_(terminal) {}

  // Writes the title and the header; `total` rows will come.
  void begin(const Part& part, std::size_t total);
  void running(const std::string& what);
  void finished(const Part& part, const Row& row);

 private:
  std::FILE* const stream_;
  const bool terminal_;
  std::size_t done_ = 0;
  std::size_t total_ = 0;
};

}  // namespace weft::tour
