#include "benchmarks/tour/text.h"

#include <string_view>
#include <utility>

namespace weft::tour {
namespace {

constexpr const char* kMarkExpected = "  ok  ";
constexpr const char* kMarkUnexpected = "  NOT ";

bool is_number(Unit unit) { return unit != Unit::kText; }

// How many characters a terminal shows: continuation bytes of UTF-8 show nothing.
int display_width(const std::string& text) {
  int width = 0;
  for (const unsigned char byte : text) width += (byte & 0xC0) != 0x80 ? 1 : 0;
  return width;
}

// Numbers to the right, text to the left.
std::string padded(const std::string& text, const Column& column) {
  const int missing = column.width - display_width(text);
  if (missing <= 0) return text;
  const std::string space(static_cast<std::size_t>(missing), ' ');
  return is_number(column.unit) ? space + text : text + space;
}

// Broken between words into lines of at most kLineWidth bytes, each ended.
std::string wrapped(const std::string& text) {
  constexpr std::size_t kLineWidth = 96;
  std::string lines;
  std::string_view rest = text;
  while (rest.size() > kLineWidth) {
    const std::size_t space = rest.rfind(' ', kLineWidth);
    if (space == rest.npos) break;
    lines += std::string(rest.substr(0, space)) + "\n";
    rest.remove_prefix(space + 1);
  }
  return lines + std::string(rest) + "\n";
}

std::string without_trailing_space(std::string line) {
  line.erase(line.find_last_not_of(' ') + 1);
  return line;
}

}  // namespace

std::string text_line(const Part& part, const Row& row) {
  std::string line = row.as_expected ? kMarkExpected : kMarkUnexpected;
  for (std::size_t i = 0; i < part.columns.size(); ++i) {
    if (i > 0) line += "  ";
    line += padded(shown(row.cells[i], part.columns[i].unit), part.columns[i]);
  }
  return without_trailing_space(std::move(line));
}

std::string text_header(const Part& part) {
  std::string line(std::string(kMarkExpected).size(), ' ');
  for (std::size_t i = 0; i < part.columns.size(); ++i) {
    if (i > 0) line += "  ";
    line += padded(part.columns[i].title, part.columns[i]);
  }
  return without_trailing_space(std::move(line));
}

std::string text_table(const Part& part) {
  std::string table = part.title + "\n" + text_header(part) + "\n";
  for (const Row& row : part.rows) table += text_line(part, row) + "\n";
  return table;
}

void Progress::begin(const Part& part, std::size_t total) {
  done_ = 0;
  total_ = total;
  std::fprintf(stream_, "\n%s (%zu)\n%s%s\n", part.title.c_str(), total,
               wrapped(part.about).c_str(), text_header(part).c_str());
  std::fflush(stream_);
}

void Progress::running(const std::string& what) {
  if (!terminal_) return;
  std::fprintf(stream_, "\r\x1b[K[%zu/%zu] %s ...", done_ + 1, total_, what.c_str());
  std::fflush(stream_);
}

void Progress::finished(const Part& part, const Row& row) {
  ++done_;
  std::fprintf(stream_, "%s%s\n", terminal_ ? "\r\x1b[K" : "", text_line(part, row).c_str());
  std::fflush(stream_);
}

}  // namespace weft::tour
