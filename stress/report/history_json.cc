#include "stress/report/history_json.h"

#include <cstddef>
#include <string>

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

History history_from(const FieldReader& reader) {
  constexpr std::size_t kRowsMost = 1'000'000;
  History history;
  history.lanes = reader.texts("lanes");
  history.rows = reader.index("rows", kRowsMost);
  for (const Json& json : reader.list("calls")) {
    const std::string number = std::to_string(history.calls.size());
    const FieldReader one(json, reader.path("calls") + "[" + number + "]");
    HistoryCall& call = history.calls.emplace_back();
    call.lane = one.index("lane", history.lanes.size());
    call.text = one.text("call");
    call.result = one.optional_text("result");
    call.end = static_cast<CallEnd>(one.word("end", kEnds));
    call.begin = one.index("begin", history.rows);
    call.finish = one.optional_index("finish", history.rows);
    if (call.finish && *call.finish < call.begin) {
      refuse_finding(one.path("finish") + ": a call ends before it begins");
    }
    call.order = one.optional_index("order", kRowsMost);
    call.refusal = one.optional_text("refusal");
  }
  history.state = reader.text("state");
  return history;
}

}  // namespace weft::report
