#include "scenarios/judging.h"

#include <algorithm>
#include <cstddef>
#include <map>

namespace weft::scenarios {
namespace {

std::string quoted(const std::string& line) { return '"' + line + '"'; }

// A scenario's own finding says more than the line that is missing because of it.
std::string claim_that_broke(const Lines& lines) {
  const auto found = std::ranges::find_if(
      lines, [](const std::string& line) { return line.starts_with(Transcript::kBroken); });
  return found == lines.end() ? "" : *found;
}

}  // namespace

std::string first_of(std::initializer_list<std::string> complaints) {
  for (const std::string& complaint : complaints) {
    if (!complaint.empty()) return complaint;
  }
  return "";
}

std::string say_exactly(const Lines& expected, const Lines& lines) {
  if (std::string broken = claim_that_broke(lines); !broken.empty()) return broken;
  const std::size_t common = std::min(expected.size(), lines.size());
  for (std::size_t i = 0; i < common; ++i) {
    if (lines[i] == expected[i]) continue;
    return "line " + std::to_string(i + 1) + " is " + quoted(lines[i]) + " and should be " +
           quoted(expected[i]);
  }
  if (lines.size() > common) return "one line too many: " + quoted(lines[common]);
  if (expected.size() > common) return "the line " + quoted(expected[common]) + " is missing";
  return "";
}

std::string say_in_any_order(const Lines& expected, const Lines& lines) {
  if (std::string broken = claim_that_broke(lines); !broken.empty()) return broken;
  std::map<std::string, int> missing;
  for (const std::string& line : expected) ++missing[line];
  for (const std::string& line : lines) {
    if (--missing[line] < 0) return "one line too many: " + quoted(line);
  }
  for (const auto& [line, count] : missing) {
    if (count > 0) return "the line " + quoted(line) + " is missing";
  }
  return "";
}

std::string in_order(const Lines& chain, const Lines& lines) {
  auto from = lines.begin();
  for (std::size_t i = 0; i < chain.size(); ++i) {
    const auto found = std::find(from, lines.end(), chain[i]);
    if (found != lines.end()) {
      from = found + 1;
      continue;
    }
    if (i == 0) return "the line " + quoted(chain[i]) + " is missing";
    return "the line " + quoted(chain[i]) + " does not come after " + quoted(chain[i - 1]);
  }
  return "";
}

Lines numbered(std::string_view prefix, int first, int last) {
  Lines lines;
  const int step = first <= last ? 1 : -1;
  for (int i = first; i != last + step; i += step) {
    lines.push_back(std::string(prefix) + std::to_string(i));
  }
  return lines;
}

Lines concatenated(std::initializer_list<Lines> parts) {
  Lines all;
  for (const Lines& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

}  // namespace weft::scenarios
