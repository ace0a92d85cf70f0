// How far a search is, on one line of a terminal that a person looks at.
//
// Thread safety: by one thread.
// Invariants:     (I1) nothing is written more often than each kPeriod, and nothing before the
//                      first one is over: short searches stay silent.
//                 (I2) the line is erased at the end. Until then the cursor stands at its
//                      beginning, so that whoever else writes begins a line.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace weft::internal {

// Characters in a line of the terminal; 0 if the file is none.
unsigned terminal_columns(int file);
// stderr, if it is a terminal and no test runner collects the output; else -1.
int progress_terminal();

class ProgressLine {
 public:
  using Clock = std::chrono::steady_clock;
  static constexpr auto kPeriod = std::chrono::milliseconds(200);

  // To `file`, if that is not -1; `end` is when the search's time is up.
  ProgressLine(std::string name, Clock::time_point begin, Clock::time_point end, int file);
  ~ProgressLine();
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  // `distinct`: interleavings, if they are counted; `strategy` may be empty.
  void show(Clock::time_point now, std::uint64_t executions, std::optional<std::uint64_t> distinct,
            std::string_view strategy);

 private:
  const std::string name_;
  const Clock::time_point begin_;
  const Clock::time_point end_;
  const int file_;
  Clock::time_point next_;
  bool is_shown_ = false;
};

}  // namespace weft::internal
