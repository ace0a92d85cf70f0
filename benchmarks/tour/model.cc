#include "benchmarks/tour/model.h"

#include <algorithm>
#include <cstdio>

namespace weft::tour {
namespace {

std::string printed(const char* format, double value) {
  char text[64];
  std::snprintf(text, sizeof text, format, value);
  return text;
}

std::string per_second(double value) {
  if (value >= 1e6) return printed("%.2f M/s", value / 1e6);
  if (value >= 1e3) return printed("%.1f k/s", value / 1e3);
  return printed("%.1f /s", value);
}

}  // namespace

std::size_t Part::unexpected() const {
  return static_cast<std::size_t>(
      std::ranges::count_if(rows, [](const Row& row) { return !row.as_expected; }));
}

bool Result::as_expected() const {
  return !parts.empty() && std::ranges::all_of(parts, [](const Part& part) {
    return !part.rows.empty() && part.unexpected() == 0;
  });
}

std::string shown(const Cell& cell, Unit unit) {
  if (const auto* text = std::get_if<std::string>(&cell)) return *text;
  if (const auto* count = std::get_if<std::uint64_t>(&cell)) return std::to_string(*count);
  const double value = std::get<double>(cell);
  switch (unit) {
    case Unit::kSeconds:
      return printed("%.2f s", value);
    case Unit::kPerSecond:
      return per_second(value);
    case Unit::kShare:
      return printed("%.0f %%", 100 * value);
    default:
      return printed("%.2f", value);
  }
}

int width_of(const std::vector<std::string>& texts) {
  std::size_t width = 0;
  for (const std::string& text : texts) width = std::max(width, text.size());
  return static_cast<int>(width);
}

Part summary(const Result& result) {
  Part table;
  table.key = "summary";
  table.title = "The tour in a table";
  table.columns = {{"part", "part", Unit::kText, 10},
                   {"total", "total", Unit::kCount, 6},
                   {"as_expected", "as expected", Unit::kCount, 12},
                   {"unexpected", "not", Unit::kCount, 5},
                   {"seconds", "time", Unit::kSeconds, 8},
                   {"outcome", "outcome", Unit::kText, 0}};
  for (const Part& part : result.parts) {
    const std::uint64_t total = part.rows.size();
    const std::uint64_t unexpected = part.unexpected();
    table.rows.push_back(
        {.cells = {part.title, total, total - unexpected, unexpected, part.seconds, part.outcome},
         .as_expected = unexpected == 0 && total > 0,
         .details = ""});
  }
  return table;
}

}  // namespace weft::tour
