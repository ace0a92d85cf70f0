#include "stress/program/search/result.h"

#include "stress/report/json_reader.h"
#include "stress/report/json_writer.h"

namespace weft::program {
namespace {

constexpr std::string_view kName = "name=";
constexpr std::string_view kOutput = "output";

}  // namespace

std::string to_text(const Job& job) {
  std::string text = std::string(kName) + job.name + "\n";
  if (job.show_output) text += std::string(kOutput) + "\n";
  for (const std::string& flag : job.flags) text += flag + "\n";
  return text;
}

Job job_from(std::string_view text) {
  Job job;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(line.size() == text.size() ? line.size() : line.size() + 1);
    if (line.starts_with(kName)) {
      job.name = line.substr(kName.size());
    } else if (line == kOutput) {
      job.show_output = true;
    } else if (!line.empty()) {
      job.flags.emplace_back(line);
    }
  }
  return job;
}

std::string json_of_also(const Result& result) {
  std::string text;
  for (const std::string& other : result.also) {
    text += (text.empty() ? "" : ", ") + report::json_string(other);
  }
  return "[" + text + "]";
}

std::string to_json(const Result& result) {
  report::Items items("  ");
  const auto put = [&](std::string_view key, const std::string& text) {
    items.add(key, report::json_string(text));
  };
  put("error", result.error);
  put("verdict", result.verdict);
  put("kind", result.kind);
  put("sentence", result.sentence);
  items.add("executions", std::to_string(result.executions));
  items.add("distinct", std::to_string(result.distinct));
  items.add("conflicts", std::to_string(result.conflicts));
  items.add("processes", std::to_string(result.processes));
  items.add("seconds", report::json_number(result.seconds));
  // As text: a seed has more digits than a number of JSON keeps.
  put("seed", std::to_string(result.seed));
  put("bounds", result.bounds);
  put("reached", result.reached);
  put("controlled", result.controlled);
  put("finding", result.finding);
  put("output", result.output);
  items.add("also", json_of_also(result));
  return "{" + items.text() + "\n}\n";
}

Result result_from_json(std::string_view text) {
  const report::Json json = report::read_json(text);
  Result result;
  result.error = json.at("error").text();
  result.verdict = json.at("verdict").text();
  result.kind = json.at("kind").text();
  result.sentence = json.at("sentence").text();
  result.executions = static_cast<std::uint64_t>(json.at("executions").number());
  result.processes = static_cast<std::uint64_t>(json.at("processes").number());
  result.distinct = static_cast<std::uint64_t>(json.at("distinct").number());
  result.conflicts = static_cast<std::uint64_t>(json.at("conflicts").number());
  result.seconds = json.at("seconds").number();
  result.seed = std::stoull(json.at("seed").text());
  result.bounds = json.at("bounds").text();
  result.reached = json.at("reached").text();
  result.controlled = json.at("controlled").text();
  result.finding = json.at("finding").text();
  result.output = json.at("output").text();
  for (const report::Json& each : json.at("also").array()) result.also.push_back(each.text());
  return result;
}

}  // namespace weft::program
