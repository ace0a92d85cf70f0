#include "stress/report/history_json.h"

#include <cstddef>
#include <limits>
#include <optional>

#include "stress/report/finding_json.h"
#include "stress/report/json_writer.h"

namespace weft::report {
namespace {

constexpr const char* kEnds[] = {"returned", "pending", "blocked"};

std::string json_of(const HistoryCall& call) {
  Fields fields;
  fields.number("lane", call.lane);
  fields.text("call", call.text);
  fields.optional_text("result", call.result);
  fields.text("end", kEnds[static_cast<unsigned>(call.end)]);
  fields.number("begin", call.begin);
  fields.optional_number("finish", call.finish);
  fields.optional_number("order", call.order);
  fields.optional_text("refusal", call.refusal);
  return fields.object();
}

[[noreturn]] void fail(const std::string& what) {
  throw FindingError("finding.json: finding.history: " + what);
}

const Json& at(const Json& json, const char* key) {
  const auto* const object = std::get_if<JsonObject>(&json.value);
  if (object == nullptr) fail("not an object");
  const auto found = object->find(key);
  if (found == object->end()) fail(std::string(key) + " is missing");
  return found->second;
}
bool has(const Json& json, const char* key) {
  const auto* const object = std::get_if<JsonObject>(&json.value);
  return object != nullptr && object->contains(key);
}
std::string text(const Json& json, const char* key) {
  const auto* const text = std::get_if<std::string>(&at(json, key).value);
  if (text == nullptr) fail(std::string(key) + " is no string");
  return *text;
}
std::string optional_text(const Json& json, const char* key) {
  return has(json, key) ? text(json, key) : "";
}
const JsonArray& list(const Json& json, const char* key) {
  const auto* const list = std::get_if<JsonArray>(&at(json, key).value);
  if (list == nullptr) fail(std::string(key) + " is no list");
  return *list;
}
unsigned number(const Json& json, const char* key, std::size_t below) {
  const auto* const number = std::get_if<double>(&at(json, key).value);
  if (number == nullptr || *number < 0 || *number >= static_cast<double>(below) ||
      *number != static_cast<double>(static_cast<unsigned>(*number))) {
    fail(std::string(key) + " is no number below " + std::to_string(below));
  }
  return static_cast<unsigned>(*number);
}
std::optional<unsigned> optional_number(const Json& json, const char* key, std::size_t below) {
  if (!has(json, key)) return std::nullopt;
  return number(json, key, below);
}

CallEnd end_from(const std::string& word) {
  for (unsigned i = 0; i < std::size(kEnds); ++i) {
    if (word == kEnds[i]) return static_cast<CallEnd>(i);
  }
  fail("\"" + word + "\" is no end of a call");
}

}  // namespace

std::string json_of(const History& history) {
  std::string lanes;
  for (const std::string& lane : history.lanes) {
    lanes += (lanes.empty() ? "" : ", ") + json_string(lane);
  }
  Items calls("      ");
  for (const HistoryCall& call : history.calls) calls.add(json_of(call));
  Items items("    ");
  items.add("lanes", "[" + lanes + "]");
  items.add("rows", std::to_string(history.rows));
  items.add("calls", history.calls.empty() ? "[]" : "[" + calls.text() + "\n    ]");
  items.add("state", json_string(history.state));
  return "{" + items.text() + "\n  }";
}

History history_from(const Json& json) {
  constexpr std::size_t kRowsMost = 1'000'000;
  History history;
  for (const Json& lane : list(json, "lanes")) {
    const auto* const name = std::get_if<std::string>(&lane.value);
    if (name == nullptr) fail("a lane is no string");
    history.lanes.push_back(*name);
  }
  history.rows = number(json, "rows", kRowsMost);
  for (const Json& one : list(json, "calls")) {
    HistoryCall& call = history.calls.emplace_back();
    call.lane = number(one, "lane", history.lanes.size());
    call.text = text(one, "call");
    call.result = optional_text(one, "result");
    call.end = end_from(text(one, "end"));
    call.begin = number(one, "begin", history.rows);
    call.finish = optional_number(one, "finish", history.rows);
    if (call.finish && *call.finish < call.begin) fail("a call ends before it begins");
    call.order = optional_number(one, "order", kRowsMost);
    call.refusal = optional_text(one, "refusal");
  }
  history.state = text(json, "state");
  return history;
}

}  // namespace weft::report
