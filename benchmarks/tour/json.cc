#include "benchmarks/tour/json.h"

#include <cmath>
#include <cstdio>

#include "benchmarks/tour/utf8.h"

namespace weft::tour {
namespace {

std::string json_number(double value) {
  if (!std::isfinite(value)) return "null";
  char text[32];
  std::snprintf(text, sizeof text, "%.9g", value);
  return text;
}

std::string json_bool(bool value) { return value ? "true" : "false"; }

std::string json_cell(const Cell& cell) {
  if (const auto* text = std::get_if<std::string>(&cell)) return json_string(*text);
  if (const auto* count = std::get_if<std::uint64_t>(&cell)) return std::to_string(*count);
  return json_number(std::get<double>(cell));
}

// Puts commas between what it is given, each on a line of its own.
class Items {
 public:
  explicit Items(std::string indent) : indent_(std::move(indent)) {}
  void add(const std::string& item) { text_ += (text_.empty() ? "\n" : ",\n") + indent_ + item; }
  void add(std::string_view key, const std::string& value) { add(json_string(key) + ": " + value); }
  const std::string& text() const { return text_; }

 private:
  const std::string indent_;
  std::string text_;
};

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

std::string json_string(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : valid_utf8(text)) {
    if (c == '"' || c == '\\') {
      quoted += '\\';
      quoted += c;
    } else if (c == '\n') {
      quoted += "\\n";
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
      char escape[8];
      std::snprintf(escape, sizeof escape, "\\u%04x", static_cast<unsigned>(c));
      quoted += escape;
    } else {
      quoted += c;
    }
  }
  return quoted + '"';
}

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
