#include "stress/generate/subject.h"

#include <algorithm>
#include <string_view>
#include <utility>

namespace weft::generate {

std::vector<Value> Vocabulary::arguments(const Call& call) const {
  const auto& generators = operations[call.operation].arguments;
  std::vector<Value> values;
  for (std::size_t i = 0; i < generators.size(); ++i) {
    const unsigned choice = i < call.choices.size() ? call.choices[i] : 0;
    values.push_back(generators[i].pick(choice % generators[i].choices, call.label));
  }
  return values;
}

std::string Vocabulary::text(const Call& call) const {
  std::string text = operations[call.operation].name;
  const std::vector<Value> values = arguments(call);
  if (operations[call.operation].spelled) {
    if (const auto at = text.find('#'); at != text.npos) text.replace(at, 1, values[0].text());
    if (const auto at = text.find('@'); at != text.npos) {
      text.replace(at, 1, std::to_string(call.label));
    }
    return text;
  }
  if (values.empty()) return text;
  std::string_view separator = "(";
  for (const Value& value : values) {
    text += std::string(std::exchange(separator, ", ")) + value.text();
  }
  return text + ")";
}

Program Vocabulary::complete(Program program) const {
  for (unsigned place = 0; place < operations.size(); ++place) {
    if (operations[place].where != Operation::kAtTheEnd) continue;
    std::erase_if(program.after, [&](const Call& call) { return call.operation == place; });
    program.after.push_back({.operation = place});
  }
  program.label();
  return program;
}

std::string shown(const Value& value) {
  if (value.is_nothing()) return "nothing";
  const auto* const text = value.get_if<std::string>();
  if (text != nullptr) return text->empty() ? "\"\"" : *text;
  if (const auto* const list = value.get_if<Value::List>(); list != nullptr && list->size() == 2) {
    const auto* const first = (*list)[0].get_if<std::string>();
    if (first != nullptr && *first == "throws") return "throws " + shown((*list)[1]);
  }
  return value.text();
}

}  // namespace weft::generate
