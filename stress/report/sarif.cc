#include "stress/report/sarif.h"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <string_view>
#include <vector>

#include "stress/report/accesses.h"
#include "stress/report/json_writer.h"
#include "stress/report/rows.h"
#include "stress/report/words.h"

namespace weft::report {
namespace {

constexpr std::size_t kMostRows = 5000;  // code hosts refuse more than 10 000 in a result

std::string list_of(const std::vector<std::string>& items) {
  std::string text;
  for (const std::string& item : items) text += (text.empty() ? "" : ",\n") + item;
  return items.empty() ? "[]" : "[\n" + text + "\n]";
}

std::string message_of(std::string_view text) {
  Fields message;
  message.text("text", text);
  return message.object();
}

// --- Rules -------------------------------------------------------------------

struct Rule {
  std::string_view kind;
  std::string_view what;
  std::string_view help;
};

constexpr Rule kRules[] = {
    {"assertion", "A property of the test was false in some interleaving.",
     "Find the step at which a thread acts on something that is not true any more, and make what "
     "it had read and what it does one critical section, or one atomic operation."},
    {"exception", "An exception left a thread or the body in some interleaving.",
     "Catch it in the thread, or prevent the interleaving that leads to it."},
    {"crash", "The program was ended by a signal, an abort or an exit in some interleaving.",
     "Look at what the other threads did before: freed memory, a moved or unfinished object."},
    {"deadlock", "Threads wait, and nobody is left who could wake them.",
     "Take locks in one order everywhere, or together; notify under the mutex of the condition."},
    {"lost wake-up", "A thread sleeps though what it waits for has come.",
     "Change what is waited for under the mutex of the condition, and notify after every change "
     "that may end a wait: all waiters, if more than one of them may go on."},
    {"hang", "All threads of an execution are asleep, and nobody is left who could wake them.",
     "Follow who waits for what is held by whom; where nobody holds it, ask who should notify."},
    {"livelock", "Threads run, and the execution does not end.",
     "Say who ends the loop that spins, and make it see the change."},
    {"no progress", "A call waits for another thread, or takes longer than its guarantee allows.",
     "Let whoever finds a change half made finish it, or begin anew, and never wait for its "
     "author."},
    {"data race", "Two threads access memory without an order between them, and one writes.",
     "Order the accesses with a lock, or make the variable atomic."},
    {"lock order inversion", "Locks are taken in both orders, which can deadlock.",
     "Take them in one order everywhere, or together."},
    {"use after free", "Memory is accessed after it was freed in some interleaving.",
     "Let whoever frees it wait for those who use it: join them, count references, or defer."},
    {"double free", "Memory is freed twice in some interleaving.",
     "Give the memory one owner; whoever takes it away frees it, once."},
    {"bad free", "What is freed is no block of the heap.",
     "Free what was allocated, by the address that the allocation gave, and nothing else."},
    {"leak", "Memory is lost in some interleaving: nobody frees it, and nothing refers to it.",
     "Let one owner free it, also where two threads make it at once; break cycles of owners."},
    {"sanitizer report", "ThreadSanitizer has reported an error in some interleaving.",
     "Read its report: it names the accesses, the threads and the stacks."},
    {"not modelled", "The program makes a call that the explorer does not control.",
     "Leave that call out of the body, or test it on real threads."},
    {"stale schedule", "The schedule to repeat is not from this program and body.",
     "Search anew without it."},
    {"nondeterminism", "The same decisions led to another execution.",
     "Find what the body takes from outside, such as a file, an address or a clock, and make it "
     "the same in every execution."},
    {"misuse", "A primitive was used against its contract.",
     "Unlock what the thread holds, and destroy what nobody uses."},
};

std::string id_of(std::string_view kind) {
  std::string id(kind);
  std::replace(id.begin(), id.end(), ' ', '-');
  return id;
}

std::string rule_of(const Finding& finding) {
  const auto known = std::find_if(std::begin(kRules), std::end(kRules),
                                  [&](const Rule& rule) { return rule.kind == finding.kind; });
  const bool is_known = known != std::end(kRules);
  Fields rule;
  rule.text("id", id_of(finding.kind));
  rule.add("shortDescription", message_of(is_known ? known->what : finding.kind));
  if (is_known) rule.add("help", message_of(known->help));
  rule.add("defaultConfiguration", R"({"level": "error"})");
  rule.add("properties", R"({"tags": ["concurrency"]})");
  return rule.object();
}

// --- Places ------------------------------------------------------------------

// A path as a reference of RFC 3986.
std::string uri_of(std::string_view path) {
  constexpr std::string_view kPlain =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/+";
  std::string uri = path.starts_with('/') ? "file://" : "";
  for (const char c : path) {
    if (kPlain.find(c) != kPlain.npos) {
      uri += c;
      continue;
    }
    char code[4];
    std::snprintf(code, sizeof code, "%%%02X",
                  static_cast<unsigned>(static_cast<unsigned char>(c)));
    uri += code;
  }
  return uri;
}

std::string physical_location(const Frame& frame) {
  Fields artifact;
  artifact.text("uri", uri_of(frame.file));
  if (!frame.file.starts_with('/')) artifact.text("uriBaseId", "%SRCROOT%");
  Fields physical;
  physical.add("artifactLocation", artifact.object());
  if (frame.line != 0) {
    Fields region;
    region.number("startLine", frame.line);
    if (!frame.source.empty()) region.add("snippet", message_of(frame.source));
    physical.add("region", region.object());
  }
  return physical.object();
}

// `frame` may be null.
std::string location_of(const Frame* frame, const std::string& message,
                        std::optional<unsigned> id = std::nullopt) {
  Fields location;
  location.optional_number("id", id);
  if (frame != nullptr && !frame->file.empty()) {
    location.add("physicalLocation", physical_location(*frame));
    Fields function;
    function.text("fullyQualifiedName", frame->function);
    function.text("kind", "function");
    location.add("logicalLocations", "[" + function.object() + "]");
  }
  if (!message.empty()) location.add("message", message_of(message));
  return location.object();
}

struct Spot {
  const Frame* frame = nullptr;
  std::string message;
};

// What explains the finding, by itself: its places, and where threads wait.
std::vector<Spot> spots_of(const Finding& finding) {
  std::vector<Spot> spots;
  for (const Place& place : all_places(finding)) {
    spots.push_back(
        {tested_frame(place.stack, finding),
         (place.thread ? finding.threads[*place.thread].name + ": " : "") + place.label});
  }
  for (unsigned id : body_last(finding)) {
    const Thread& thread = finding.threads[id];
    if (thread.state != ThreadState::kWaits) continue;
    spots.push_back(
        {tested_frame(thread.stack, finding), thread.name + " waits for " + thread.waits_for});
  }
  return spots;
}

// Where it went wrong.
const Frame* main_frame(const Finding& finding, const std::vector<Spot>& spots) {
  const auto step =
      std::find_if(finding.steps.rbegin(), finding.steps.rend(), [&](const Step& each) {
        const bool is_it = finding.thread ? each.thread == *finding.thread : true;
        return is_it && tested_frame(each, finding) != nullptr;
      });
  const auto violation =
      std::find_if(finding.steps.begin(), finding.steps.end(), [&](const Step& each) {
        return each.operation == "violation" && tested_frame(each, finding) != nullptr;
      });
  if (violation != finding.steps.end()) return tested_frame(*violation, finding);
  for (const Spot& spot : spots) {
    if (spot.frame != nullptr) return spot.frame;
  }
  return step == finding.steps.rend() ? nullptr : tested_frame(*step, finding);
}

// --- Flows -------------------------------------------------------------------

std::string row_text(const Row& row) {
  std::string text = row.text;
  for (const std::string& mark : row.marks) text += " (" + mark + ")";
  return text;
}

// A flow for each thread that has rows.
std::vector<std::string> flows_of(const Finding& finding) {
  std::vector<Row> rows = rows_of(finding);
  if (rows.size() > kMostRows) rows.erase(rows.begin(), rows.end() - kMostRows);
  std::vector<std::string> flows;
  for (unsigned id = 0; id < finding.threads.size(); ++id) {
    std::vector<std::string> steps;
    for (const Row& row : rows) {
      if (row.thread != id) continue;
      const bool is_step = row.step < finding.steps.size();
      const Frame* frame = is_step ? tested_frame(finding.steps[row.step], finding)
                                   : tested_frame(finding.threads[id].stack, finding);
      const bool matters = row.preempted || !row.marks.empty();
      Fields step;
      step.number("executionOrder", row.step);
      step.text("importance", matters ? "essential" : "important");
      step.add("location", location_of(frame, row_text(row)));
      steps.push_back(step.object());
    }
    if (steps.empty()) continue;
    Fields flow;
    flow.text("id", finding.threads[id].name);
    flow.add("message", message_of("thread " + finding.threads[id].name));
    flow.add("locations", list_of(steps));
    flows.push_back(flow.object());
  }
  return flows;
}

// --- The result --------------------------------------------------------------

std::string fingerprint_of(const Finding& finding, const Frame* main,
                           const std::vector<Spot>& spots) {
  std::vector<std::string> parts;
  const auto add = [&parts](const Frame* frame) {
    if (frame == nullptr) return;
    std::string part = frame->file + " " + frame->function;
    // Compilers name lambdas by their lines.
    std::erase_if(part, [](char c) { return c >= '0' && c <= '9'; });
    parts.push_back(std::move(part));
  };
  add(main);
  for (const Spot& spot : spots) add(spot.frame);
  std::sort(parts.begin(), parts.end());
  parts.erase(std::unique(parts.begin(), parts.end()), parts.end());
  parts.push_back(finding.kind);
  parts.push_back(finding.test);
  std::uint64_t hash = 0xcbf29ce484222325;  // FNV-1a
  for (const std::string& part : parts) {
    for (const char c : part + '\n') {
      hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
    }
  }
  char text[20];
  std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(hash));
  return text;
}

std::string result_of(const Finding& finding) {
  const std::vector<Spot> spots = spots_of(finding);
  const Frame* const main = main_frame(finding, spots);
  std::vector<std::string> related;
  for (const Spot& spot : spots) {
    if (spot.frame == nullptr) continue;
    related.push_back(
        location_of(spot.frame, spot.message, static_cast<unsigned>(related.size() + 1)));
  }
  Items result("      ");
  result.add("ruleId", json_string(id_of(finding.kind)));
  result.add("ruleIndex", "0");
  result.add("level", json_string("error"));
  result.add("message", message_of(finding.kind + " in " + finding.test + ": " + finding.sentence +
                                   (finding.replay.empty() ? "" : "\nrepeat: " + finding.replay)));
  result.add("locations", main == nullptr ? "[]" : "[" + location_of(main, finding.sentence) + "]");
  if (!related.empty()) result.add("relatedLocations", list_of(related));
  if (const auto flows = flows_of(finding); !flows.empty()) {
    Fields flow;
    flow.add("message", message_of("the interleaving, by executionOrder"));
    flow.add("threadFlows", list_of(flows));
    result.add("codeFlows", "[" + flow.object() + "]");
  }
  Fields fingerprints;
  fingerprints.text("weftFinding/v1", fingerprint_of(finding, main, spots));
  result.add("partialFingerprints", fingerprints.object());
  Fields properties;
  properties.text("test", finding.test);
  properties.text("replay", finding.replay);
  properties.text("schedule", finding.schedule);
  properties.text("strategy", finding.strategy);
  properties.text("bounds", finding.bounds);
  properties.number("executions", finding.executions);
  result.add("properties", properties.object());
  return "{" + result.text() + "\n    }";
}

}  // namespace

std::string sarif_of(const Finding& finding) {
  Items run("    ");
  Fields driver;
  driver.text("name", "Weft");
  driver.add("rules", "[" + rule_of(finding) + "]");
  run.add("tool", "{\"driver\": " + driver.object() + "}");
  // Findings of several tests are several analyses, none of which replaces another's.
  Fields details;
  details.text("id", "weft/" + finding.test + "/");
  run.add("automationDetails", details.object());
  run.add("columnKind", json_string("utf16CodeUnits"));
  run.add("originalUriBaseIds",
          R"({"%SRCROOT%": {"description": {"text": "the root of the workspace"}}})");
  run.add("results", "[" + result_of(finding) + "]");
  Items log("  ");
  log.add("$schema", json_string("https://json.schemastore.org/sarif-2.1.0.json"));
  log.add("version", json_string("2.1.0"));
  log.add("runs", "[{" + run.text() + "\n  }]");
  return "{" + log.text() + "\n}\n";
}

}  // namespace weft::report
