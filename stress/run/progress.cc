#include "stress/run/progress.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include "stress/run/write_all.h"

namespace weft::internal {
namespace {

constexpr std::string_view kEraseToEnd = "\x1b[K";

using Seconds = std::chrono::duration<double>;

bool is_set(const char* variable) {
  const char* value = std::getenv(variable);
  return value != nullptr && *value != '\0';
}

}  // namespace

unsigned terminal_columns(int file) {
  winsize size{};
  if (isatty(file) == 0 || ioctl(file, TIOCGWINSZ, &size) != 0) return 0;
  return size.ws_col == 0 ? 80 : size.ws_col;
}

int progress_terminal() {
  for (const char* runner : {"TEST_SRCDIR", "XML_OUTPUT_FILE", "TEST_TARGET", "CI"}) {
    if (is_set(runner)) return -1;
  }
  const char* terminal = std::getenv("TERM");
  const bool is_dumb = terminal == nullptr || std::string_view(terminal) == "dumb";
  return isatty(STDERR_FILENO) != 0 && !is_dumb ? STDERR_FILENO : -1;
}

ProgressLine::ProgressLine(std::string name, Clock::time_point begin, Clock::time_point end,
                           int file)
    : name_(std::move(name)), begin_(begin), end_(end), file_(file), next_(begin + kPeriod) {}

ProgressLine::~ProgressLine() {
  if (is_shown_) write_all(file_, kEraseToEnd);
}

void ProgressLine::show(Clock::time_point now, std::uint64_t executions,
                        std::optional<std::uint64_t> distinct, std::string_view strategy) {
  if (file_ < 0 || now < next_) return;
  next_ = now + kPeriod;
  const double rate = static_cast<double>(executions) / Seconds(now - begin_).count();
  std::string line = std::to_string(executions) + " executions, " +
                     std::to_string(static_cast<std::uint64_t>(rate)) + " per second";
  if (distinct) line += ", " + std::to_string(*distinct) + " distinct";
  if (!strategy.empty()) line += ", " + std::string(strategy);
  char left[32];
  std::snprintf(left, sizeof left, ", %.1f s left", std::max(Seconds(end_ - now).count(), 0.0));
  line += left + (": " + name_);  // last, because narrow terminals cut it off
  // A line that wraps could not be erased.
  const unsigned columns = terminal_columns(file_);
  if (columns != 0 && line.size() >= columns) line.resize(columns - 1);
  write_all(file_, line + std::string(kEraseToEnd) + "\r");
  is_shown_ = true;
}

}  // namespace weft::internal
