#include "benchmarks/tour/json.h"

#include "stress/report/json_writer.h"

namespace weft::tour {
namespace {

using report::Items;
using report::json_bool;
using report::json_number;
using report::json_string;

std::string json_cell(const Cell& cell) {
  if (const auto* text = std::get_if<std::string>(&cell)) return json_string(*text);
  if (const auto* count = std::get_if<std::uint64_t>(&cell)) return std::to_string(*count);
  return json_number(std::get<double>(cell));
}

std::string json_row(const Part& part, const Row& row) {
  std::string text = "{";
  for (std::size_t i = 0; i < part.columns.size(); ++i) {
    text += json_string(part.columns[i].key) + ": " + json_cell(row.cells[i]) + ", ";
  }
  text += "\"as_expected\": " + json_bool(row.as_expected);
  if (!row.details.empty()) text += ", \"details\": " + json_string(row.details);
  return text + "}";
}

std::string json_part(const Part& part) {
  Items rows("        ");
  for (const Row& row : part.rows) rows.add(json_row(part, row));
  Items items("      ");
  items.add("key", json_string(part.key));
  items.add("title", json_string(part.title));
  items.add("about", json_string(part.about));
  items.add("outcome", json_string(part.outcome));
  items.add("total", std::to_string(part.rows.size()));
  items.add("as_expected", std::to_string(part.rows.size() - part.unexpected()));
  items.add("seconds", json_number(part.seconds));
  items.add("rows", "[" + rows.text() + "\n      ]");
  return "{" + items.text() + "\n    }";
}

}  // namespace

std::string to_json(const Result& result) {
  Items machine("    ");
  for (const auto& [key, value] : result.facts.all) machine.add(key, json_string(value));
  Items warnings("    ");
  for (const std::string& warning : result.facts.warnings) warnings.add(json_string(warning));
  Items parts("    ");
  for (const Part& part : result.parts) parts.add(json_part(part));
  Items items("  ");
  items.add("weft_tour", "1");
  items.add("date", json_string(result.date));
  items.add("as_expected", json_bool(result.as_expected()));
  items.add("seconds", json_number(result.seconds));
  items.add("machine", "{" + machine.text() + "\n  }");
  items.add("warnings", "[" + warnings.text() + "\n  ]");
  items.add("interference", result.interference < 0 ? "null" : json_number(result.interference));
  items.add("parts", "[" + parts.text() + "\n  ]");
  return "{" + items.text() + "\n}\n";
}

}  // namespace weft::tour
