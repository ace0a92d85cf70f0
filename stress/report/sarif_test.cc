// SARIF of findings that are made by hand: what OASIS' schema requires, and what readers do with
// it. (The schema's properties and their types are written out here; it is not at hand in a test.)
#include "stress/report/sarif.h"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>
#include <vector>

#include "stress/report/json_reader.h"
#include "stress/run/report.h"

namespace weft::report {
namespace {

enum : unsigned { kBody, kWriter, kReader };
enum : unsigned { kHere, kThere, kLibrary, kAbsolute };

Finding race() {
  Finding finding;
  finding.kind = "data race";
  finding.sentence = "writer and reader access total without an order";
  finding.test = "Counter.AddsUp";
  finding.replay = "bazel test //counter:counter_test_explore";
  finding.schedule = "w1-1-2-3";
  finding.frames = {
      {"Counter::add()", "counter/a counter.h", 12, Role::kTested, "total = total + 1;"},
      {"Counter::get() const", "counter/a counter.h", 20, Role::kTested},
      {"std::vector<int>::size()", "/usr/include/c++/12/vector", 7, Role::kLibrary},
      {"boost::pop()", "/usr/include/boost/\xC3\xA4.hpp", 3, Role::kTested}};
  finding.objects = {{"total", "variable", Naming::kSymbol, "global"}};
  for (const char* name : {"body", "writer", "reader"}) finding.threads.emplace_back().name = name;
  Step write;
  write.thread = kWriter;
  write.operation = "store";
  write.value = "1";
  write.object = 0;
  write.stack = {kLibrary, kHere};
  write.place = 1;
  Step read = write;
  read.thread = kReader;
  read.operation = "load";
  read.stack = {kThere};
  read.place = 0;
  read.switched = read.preempted = true;
  finding.steps = {write, read, write};
  finding.steps[2].switched = true;
  finding.steps[2].value = "2";
  finding.places = {{"write of 4 bytes", kWriter, std::nullopt, {kLibrary, kHere}},
                    {"read of 4 bytes", kReader, std::nullopt, {kThere, kAbsolute}}};
  return finding;
}

Json parsed(const Finding& finding) { return read_json(sarif_of(finding)); }

const Json& only(const Json& list) {
  EXPECT_EQ(list.array().size(), 1u);
  return list.array().at(0);
}
const Json& run_of(const Json& log) { return only(log.at("runs")); }
const Json& result_of(const Json& log) { return only(run_of(log).at("results")); }

// --- The schema --------------------------------------------------------------------

// Of an object of the schema: its properties that we write, with the objects that they are (or are
// lists of; empty: a plain value), and which of them it requires.
struct Shape {
  std::map<std::string, std::string> properties;
  std::set<std::string> required;
};

const std::map<std::string, Shape> kSchema = {
    {"log", {{{"$schema", ""}, {"version", ""}, {"runs", "run"}}, {"version", "runs"}}},
    {"run",
     {{{"tool", "tool"},
       {"automationDetails", "details"},
       {"columnKind", ""},
       {"originalUriBaseIds", "bases"},
       {"results", "result"}},
      {"tool"}}},
    {"tool", {{{"driver", "component"}}, {"driver"}}},
    {"component", {{{"name", ""}, {"rules", "rule"}}, {"name"}}},
    {"rule",
     {{{"id", ""},
       {"shortDescription", "text"},
       {"help", "text"},
       {"defaultConfiguration", "configuration"},
       {"properties", "bag"}},
      {"id"}}},
    {"configuration", {{{"level", ""}}, {}}},
    {"text", {{{"text", ""}}, {"text"}}},
    {"details", {{{"id", ""}}, {}}},
    {"bases", {{{"%SRCROOT%", "artifact"}}, {}}},
    {"artifact", {{{"uri", ""}, {"uriBaseId", ""}, {"description", "text"}}, {}}},
    {"result",
     {{{"ruleId", ""},
       {"ruleIndex", ""},
       {"level", ""},
       {"message", "text"},
       {"locations", "location"},
       {"relatedLocations", "location"},
       {"codeFlows", "code flow"},
       {"partialFingerprints", "bag"},
       {"properties", "bag"}},
      {"message"}}},
    {"location",
     {{{"id", ""},
       {"physicalLocation", "physical"},
       {"logicalLocations", "logical"},
       {"message", "text"}},
      {}}},
    {"physical", {{{"artifactLocation", "artifact"}, {"region", "region"}}, {"artifactLocation"}}},
    {"region", {{{"startLine", ""}, {"snippet", "text"}}, {"startLine"}}},
    {"logical", {{{"fullyQualifiedName", ""}, {"kind", ""}}, {}}},
    {"code flow", {{{"message", "text"}, {"threadFlows", "thread flow"}}, {"threadFlows"}}},
    {"thread flow",
     {{{"id", ""}, {"message", "text"}, {"locations", "flow location"}}, {"locations"}}},
    {"flow location", {{{"executionOrder", ""}, {"importance", ""}, {"location", "location"}}, {}}},
};

void expect_shape(const Json& json, const std::string& name) {
  if (name == "bag") {
    json.object();
    return;
  }
  if (const auto* list = std::get_if<JsonArray>(&json.value)) {
    for (const Json& item : *list) expect_shape(item, name);
    return;
  }
  if (name.empty()) {
    EXPECT_FALSE(std::holds_alternative<JsonObject>(json.value));
    return;
  }
  const Shape& shape = kSchema.at(name);
  for (const auto& [key, value] : json.object()) {
    const auto known = shape.properties.find(key);
    ASSERT_NE(known, shape.properties.end()) << key << " is no property of " << name;
    expect_shape(value, known->second);
  }
  for (const std::string& key : shape.required) {
    EXPECT_EQ(json.object().count(key), 1u) << name << " requires " << key;
  }
}

TEST(Sarif, HasTheShapeOfTheSchema) {
  expect_shape(parsed(race()), "log");
  expect_shape(parsed(Finding{}), "log");
}

TEST(Sarif, HasTheSchemasConstants) {
  const Json log = parsed(race());
  EXPECT_EQ(log.at("version").text(), "2.1.0");
  EXPECT_EQ(log.at("$schema").text(), "https://json.schemastore.org/sarif-2.1.0.json");
  const Json& result = result_of(log);
  EXPECT_EQ(result.at("level").text(), "error");
  for (const Json& flow : only(result.at("codeFlows")).at("threadFlows").array()) {
    EXPECT_GE(flow.at("locations").array().size(), 1u);
    for (const Json& step : flow.at("locations").array()) {
      const std::string& importance = step.at("importance").text();
      EXPECT_TRUE(importance == "important" || importance == "essential") << importance;
    }
  }
}

// --- What readers do with it -------------------------------------------------------

TEST(Sarif, TheResultsRuleIsAmongTheRules) {
  const Json log = parsed(race());
  const Json& rule = only(run_of(log).at("tool").at("driver").at("rules"));
  EXPECT_EQ(result_of(log).at("ruleId").text(), "data-race");
  EXPECT_EQ(rule.at("id").text(), "data-race");
  EXPECT_EQ(result_of(log).at("ruleIndex").number(), 0);
  EXPECT_NE(rule.at("help").at("text").text(), "");
}

TEST(Sarif, ShowsThePlaceInTheTestedCode) {
  const Json log = parsed(race());
  const Json& physical = only(result_of(log).at("locations")).at("physicalLocation");
  EXPECT_EQ(physical.at("artifactLocation").at("uri").text(), "counter/a%20counter.h");
  EXPECT_EQ(physical.at("artifactLocation").at("uriBaseId").text(), "%SRCROOT%");
  EXPECT_EQ(physical.at("region").at("startLine").number(), 12);
  EXPECT_EQ(physical.at("region").at("snippet").at("text").text(), "total = total + 1;");
}

TEST(Sarif, AFileElsewhereHasAnAbsoluteReference) {
  Finding finding = race();
  finding.places[0].stack = {kAbsolute};
  const Json log = parsed(finding);
  const Json& artifact =
      only(result_of(log).at("locations")).at("physicalLocation").at("artifactLocation");
  EXPECT_EQ(artifact.at("uri").text(), "file:///usr/include/boost/%C3%A4.hpp");
  EXPECT_EQ(artifact.object().count("uriBaseId"), 0u);
}

TEST(Sarif, RelatesBothSidesOfARace) {
  const Json log = parsed(race());
  const JsonArray& related = result_of(log).at("relatedLocations").array();
  ASSERT_EQ(related.size(), 2u);
  EXPECT_EQ(related[0].at("message").at("text").text(), "writer: write of 4 bytes");
  EXPECT_EQ(related[1].at("message").at("text").text(), "reader: read of 4 bytes");
  EXPECT_EQ(related[1].at("physicalLocation").at("region").at("startLine").number(), 20);
  EXPECT_NE(related[0].at("id").number(), related[1].at("id").number());
}

TEST(Sarif, RelatesTheThreadsThatWait) {
  Finding finding = race();
  finding.kind = "deadlock";
  finding.places.clear();
  finding.threads[kReader].state = ThreadState::kWaits;
  finding.threads[kReader].waits_for = "mutex 1 held by writer";
  finding.threads[kReader].stack = {kLibrary, kThere};
  const Json log = parsed(finding);
  EXPECT_EQ(only(result_of(log).at("relatedLocations")).at("message").at("text").text(),
            "reader waits for mutex 1 held by writer");
}

TEST(Sarif, HasAFlowForEachThreadWithAllItsStepsInOrder) {
  const Json log = parsed(race());
  const JsonArray& flows = only(result_of(log).at("codeFlows")).at("threadFlows").array();
  ASSERT_EQ(flows.size(), 2u) << "the body did nothing";
  EXPECT_EQ(flows[0].at("id").text(), "writer");
  std::vector<double> orders;
  for (const Json& flow : flows) {
    for (const Json& step : flow.at("locations").array()) {
      orders.push_back(step.at("executionOrder").number());
    }
  }
  EXPECT_EQ(orders, (std::vector<double>{0, 2, 1}));
  const Json& step = flows[1].at("locations").array().at(0);
  EXPECT_EQ(step.at("location").at("message").at("text").text(), "total.load() -> 1");
  EXPECT_EQ(step.at("importance").text(), "essential") << "it took the turn from another";
}

std::string fingerprint_of(const Finding& finding) {
  return result_of(parsed(finding)).at("partialFingerprints").at("weftFinding/v1").text();
}

TEST(Sarif, TheFingerprintSurvivesWhatIsNoOtherBug) {
  const std::string fingerprint = fingerprint_of(race());
  EXPECT_EQ(fingerprint.size(), 16u);
  Finding other = race();
  for (Frame& frame : other.frames) frame.line += 7;
  other.seed = other.executions = 99;
  other.schedule = other.replay = "another";
  other.sentence = "in other words";
  std::swap(other.places[0], other.places[1]);
  other.steps.pop_back();
  EXPECT_EQ(fingerprint_of(other), fingerprint);
}

TEST(Sarif, TheFingerprintTellsBugsApart) {
  const std::string fingerprint = fingerprint_of(race());
  Finding kind = race();
  kind.kind = "assertion";
  Finding test = race();
  test.test = "Counter.Other";
  Finding function = race();
  function.frames[kThere].function = "Counter::reset()";
  for (const Finding& other : {kind, test, function}) {
    EXPECT_NE(fingerprint_of(other), fingerprint);
  }
}

TEST(Sarif, OfAnyTextIsWellFormed) {
  Finding finding = race();
  finding.sentence = finding.test = finding.replay = "\"\\\n\xff</script>";
  finding.threads[kWriter].name = finding.frames[kHere].file = finding.frames[kHere].function =
      finding.sentence;
  expect_shape(parsed(finding), "log");
  EXPECT_EQ(sarif_of(finding), sarif_of(finding));
}

// A file of a later version may name a kind that is not among ours.
TEST(Sarif, OfAnUnknownKindHasARuleWithoutHelp) {
  Finding finding = race();
  finding.kind = "act of god";
  const Json log = parsed(finding);
  const Json& rule = only(run_of(log).at("tool").at("driver").at("rules"));
  EXPECT_EQ(rule.at("id").text(), "act-of-god");
  EXPECT_EQ(rule.object().count("help"), 0u);
}

TEST(Sarif, EveryKindHasARuleThatSaysWhatItIsAndWhatToDo) {
  // What is behind the last kind is the first without a name.
  int kinds = 0;
  for (; to_string(static_cast<Kind>(kinds)) != "unknown"; ++kinds) {
    Finding finding = race();
    finding.kind = to_string(static_cast<Kind>(kinds));
    const Json log = parsed(finding);
    const Json& rule = only(run_of(log).at("tool").at("driver").at("rules"));
    ASSERT_EQ(rule.object().count("help"), 1u) << finding.kind << " has no rule";
    EXPECT_TRUE(rule.at("help").at("text").text().ends_with('.')) << finding.kind;
    EXPECT_NE(rule.at("shortDescription").at("text").text(), finding.kind);
  }
  EXPECT_GT(kinds, static_cast<int>(Kind::kNoProgress)) << "the walk ended too early";
}

}  // namespace
}  // namespace weft::report
