#include "stress/cli/verdict.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>

#include "stress/report/finding.h"
#include "stress/report/finding_json.h"
#include "stress/report/json_writer.h"
#include "stress/report/page.h"
#include "stress/report/sarif.h"
#include "stress/report/table.h"
#include "stress/run/options.h"
#include "stress/run/simplification.h"

namespace weft::cli {
namespace {

using program::Result;

// What no program is to blame for.
bool is_no_answer(const std::string& kind) {
  return kind == "not modelled" || kind == "stale schedule" || kind == "nondeterminism";
}

Result together(const std::vector<Result>& results) {
  Result all = results.front();
  for (std::size_t i = 1; i < results.size(); ++i) {
    all.executions += results[i].executions;
    all.processes += results[i].processes;
    // Two processes may have met the same interleaving, so this is the most that is sure.
    all.distinct = std::max(all.distinct, results[i].distinct);
    all.seconds = std::max(all.seconds, results[i].seconds);
    for (const std::string& other : results[i].also) {
      if (std::find(all.also.begin(), all.also.end(), other) == all.also.end()) {
        all.also.push_back(other);
      }
    }
  }
  return all;
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + quoted(word);
  return text;
}

std::string replay_line(const Arguments& arguments, const std::string& schedule) {
  std::string line;
  for (const std::string& setting : overrides()) line += quoted(setting) + " ";
  line += quoted(arguments.self) + " check " + joined(arguments.files);
  for (const std::string& option : arguments.compiler_options) line += " --copt " + quoted(option);
  for (const std::string& flag : arguments.explorer_flags) line += " " + quoted(flag);
  line += " --replay " + schedule;
  if (!arguments.program_arguments.empty()) line += " -- " + joined(arguments.program_arguments);
  return line;
}

// As seen from where the user is.
void shorten_paths(report::Finding& finding) {
  const std::string here = std::filesystem::current_path().string() + "/";
  for (report::Frame& frame : finding.frames) {
    if (frame.file.starts_with(here)) frame.file.erase(0, here.size());
  }
}

std::string indented(const std::string& text) {
  std::string lines;
  bool at_begin = true;
  for (char c : text) {
    if (at_begin) lines += "    ";
    lines += c;
    at_begin = c == '\n';
  }
  return at_begin ? lines : lines + "\n";
}

std::string counts_of(const Result& result) {
  char time[64];
  std::snprintf(time, sizeof time, "%.2f s", result.seconds);
  return std::to_string(result.executions) +
         (result.executions == 1 ? " execution" : " executions") + ", " +
         std::to_string(result.distinct) + " distinct, " + time;
}

std::string also_met(const Result& result) {
  std::string text;
  for (const std::string& other : result.also) text += "  also met: " + other + "\n";
  return text;
}

std::string text_of_finding(const Verdict& verdict, const report::Finding& finding) {
  std::string text = verdict.kind + ": " + verdict.sentence + "\n";
  text += "  in " + finding.test + ", execution " + std::to_string(finding.execution) + " (" +
          finding.strategy + "), seed " + std::to_string(finding.seed) + "\n";
  if (!verdict.replay.empty()) text += "  repeat: " + verdict.replay + "\n";
  text += "  controlled: " + verdict.result.controlled + "\n";
  if (!finding.caveat.empty()) text += "  (" + finding.caveat + ")\n";
  if (finding.original) text += "  " + internal::simplification(*finding.original) + "\n";
  text += report::table_of(finding);
  if (!finding.events.empty()) text += "  events:\n";
  for (const std::string& event : finding.events) text += "    " + event + "\n";
  text += also_met(verdict.result);
  if (!verdict.result.output.empty()) {
    text += "  it printed:\n" + indented(verdict.result.output);
  }
  return text;
}

std::string last_line(const Verdict& verdict, const Arguments& arguments) {
  const Result& result = verdict.result;
  std::string line = "weft: " + arguments.files.front() + ": ";
  if (verdict.verdict == "none") return line + "no answer: " + verdict.sentence + "\n";
  line += verdict.verdict;
  if (!verdict.kind.empty()) line += ": " + verdict.kind;
  line += " (" + counts_of(result) + "); ";
  line += verdict.verdict == "holds" ? "every schedule: " : "searched: ";
  line += result.bounds;
  if (verdict.verdict == "undecided" && !result.reached.empty()) {
    line += "; among them " + result.reached;
  }
  return line + "\n";
}

}  // namespace

Verdict verdict_of(const std::vector<Result>& results, const Arguments& arguments) {
  Verdict verdict;
  verdict.result = together(results);
  verdict.verdict = verdict.result.verdict;
  verdict.kind = verdict.result.kind;
  verdict.sentence = verdict.result.sentence;
  if (!verdict.result.error.empty()) {
    verdict.verdict = "none";
    verdict.sentence = verdict.result.error;
  } else if (!verdict.result.finding.empty()) {
    report::Finding finding = report::finding_from_json(verdict.result.finding);
    verdict.schedule = finding.schedule;
    if (!finding.schedule.empty()) verdict.replay = replay_line(arguments, finding.schedule);
    finding.replay = verdict.replay;
    shorten_paths(finding);
    verdict.finding = report::to_json(finding);
    if (!arguments.html.empty()) verdict.page = report::page_of(finding);
    if (!arguments.sarif.empty()) verdict.sarif = report::sarif_of(finding);
    verdict.text = text_of_finding(verdict, finding);
    if (is_no_answer(verdict.kind)) verdict.verdict = "none";
  }
  if (verdict.verdict == "none") {
    verdict.exit_code = kExitNoAnswer;
  } else if (verdict.verdict == "violated") {
    verdict.exit_code = kExitViolated;
  } else if (verdict.verdict == "undecided" && arguments.strict) {
    verdict.exit_code = kExitUndecided;
  }
  if (verdict.text.empty() && !verdict.result.controlled.empty()) {
    verdict.text = "  controlled: " + verdict.result.controlled + "\n" + also_met(verdict.result);
  }
  verdict.text += last_line(verdict, arguments);
  return verdict;
}

std::string to_json(const Verdict& verdict, const Arguments& arguments) {
  const Result& result = verdict.result;
  report::Items items("  ");
  const auto put = [&](std::string_view key, const std::string& text) {
    items.add(key, report::json_string(text));
  };
  items.add("weft_check", "1");
  put("program", joined(arguments.files));
  put("arguments", joined(arguments.program_arguments));
  put("verdict", verdict.verdict);
  put("kind", verdict.kind);
  put("sentence", verdict.sentence);
  put("bounds", result.bounds);
  put("reached", result.reached);
  items.add("executions", std::to_string(result.executions));
  items.add("distinct", std::to_string(result.distinct));
  items.add("conflicts", std::to_string(result.conflicts));
  items.add("processes", std::to_string(result.processes));
  items.add("seconds", report::json_number(result.seconds));
  items.add("workers", std::to_string(arguments.workers));
  put("seed", std::to_string(result.seed));
  put("controlled", result.controlled);
  put("schedule", verdict.schedule);
  put("replay", verdict.replay);
  put("output", result.output);
  items.add("also", json_of_also(result));
  items.add("exit_code", std::to_string(verdict.exit_code));
  std::string finding = verdict.finding;
  while (finding.ends_with('\n')) finding.pop_back();
  items.add("finding", finding.empty() ? "null" : finding);
  return "{" + items.text() + "\n}\n";
}

}  // namespace weft::cli
