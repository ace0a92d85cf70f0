// A finding as a file and back, and what the document says of the file.
#include "stress/report/finding_json.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <optional>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "stress/report/utf8.h"

namespace weft::report {
namespace {

// Bytes that a careless writer or reader trips over, among others.
rc::Gen<std::string> hostile_text() {
  using namespace rc;
  const auto bytes = gen::container<std::string>(gen::arbitrary<char>());
  const auto chosen = gen::element<std::string>(
      "", "\"", "\\", "\\\"", "</script>", "\n", "\r\n", std::string("a\0b", 3), "\x1b[31m", "\x7f",
      "\xff\xfe", "\xc3", "\xed\xa0\x80", "\xf0\x9f\xa7\xb5", "\xe2\x80\xa8", "\\u0041", "{}",
      "null");
  // The file holds no other bytes than UTF-8, so a text that went through it once is what it keeps.
  return gen::map(gen::oneOf(bytes, chosen),
                  [](const std::string& text) { return valid_utf8(text); });
}

rc::Gen<std::optional<unsigned>> maybe_index(unsigned size) {
  return rc::gen::map(rc::gen::inRange(0u, size + 1), [size](unsigned index) {
    return index == size ? std::nullopt : std::optional<unsigned>(index);
  });
}

constexpr unsigned kEach = 3;  // so many frames, objects and threads

std::vector<unsigned> any_stack() {
  return *rc::gen::container<std::vector<unsigned>>(rc::gen::inRange(0u, kEach));
}

Step any_step() {
  using rc::gen::arbitrary;
  Step step;
  step.thread = *rc::gen::inRange(0u, kEach);
  step.operation = *hostile_text();
  step.object = *maybe_index(kEach);
  step.second = *maybe_index(kEach);
  step.other = *maybe_index(kEach);
  step.value = *hostile_text();
  step.before = *hostile_text();
  step.left = *hostile_text();
  step.order = *hostile_text();
  step.size = *rc::gen::inRange(0u, 17u);
  step.changed = *arbitrary<bool>();
  step.switched = *arbitrary<bool>();
  step.preempted = *arbitrary<bool>();
  step.blocked = *arbitrary<bool>();
  step.timed_out = *arbitrary<bool>();
  step.failed = *arbitrary<bool>();
  step.spurious = *arbitrary<bool>();
  step.stack = any_stack();
  step.place = *rc::gen::inRange(0u, static_cast<unsigned>(step.stack.size()) + 1);
  return step;
}

MemoryAccess any_access(const Finding& finding) {
  using rc::gen::inRange;
  MemoryAccess access;
  access.thread = *inRange(0u, kEach);
  access.operation = *hostile_text();
  access.object = *maybe_index(kEach);
  access.size = *inRange<std::uint64_t>(0, 1u << 20);
  access.block = *inRange<std::uint64_t>(0, 3);
  access.offset = access.block == 0 ? 0 : *inRange<std::uint64_t>(0, access.block);
  access.step = *inRange(0u, static_cast<unsigned>(finding.steps.size()) + 1);
  access.stack = any_stack();
  return access;
}

History any_history() {
  using rc::gen::inRange;
  History history{.lanes = {*hostile_text(), *hostile_text()}, .rows = 3, .state = *hostile_text()};
  for (int calls = *inRange(0, 4); calls > 0; --calls) {
    HistoryCall call{.lane = *inRange(0u, 2u),
                     .text = *hostile_text(),
                     .result = *hostile_text(),
                     .end = static_cast<CallEnd>(*inRange(0, 3)),
                     .begin = *inRange(0u, 3u),
                     .order = *maybe_index(kEach),
                     .refusal = *hostile_text()};
    if (*rc::gen::arbitrary<bool>()) call.finish = *inRange(call.begin, 3u);
    history.calls.push_back(call);
  }
  return history;
}

Finding any_finding() {
  using rc::gen::arbitrary;
  using rc::gen::inRange;
  Finding finding;
  for (std::string* text :
       {&finding.kind, &finding.sentence, &finding.test, &finding.verdict, &finding.strategy,
        &finding.schedule, &finding.replay, &finding.bounds, &finding.caveat}) {
    *text = *hostile_text();
  }
  finding.seed = *arbitrary<std::uint64_t>();
  for (std::uint64_t* number : {&finding.execution, &finding.executions, &finding.distinct,
                                &finding.switches, &finding.preemptions}) {
    *number = *inRange<std::uint64_t>(0, std::uint64_t{1} << 53);
  }
  finding.seconds = static_cast<double>(*inRange(0, 1'000'000'000)) / 7;
  finding.thread = *maybe_index(kEach);
  if (*arbitrary<bool>()) {
    report::Original& original = finding.original.emplace();
    original.schedule = *hostile_text();
    for (std::uint64_t* number :
         {&original.steps, &original.switches, &original.preemptions, &original.simpler_steps,
          &original.simpler_switches, &original.simpler_preemptions, &original.executions}) {
      *number = *inRange<std::uint64_t>(0, std::uint64_t{1} << 53);
    }
  }
  finding.events = *rc::gen::container<std::vector<std::string>>(hostile_text());
  for (unsigned i = 0; i < kEach; ++i) {
    finding.frames.push_back({.function = *hostile_text(),
                              .file = *hostile_text(),
                              .line = *inRange(0u, 1u << 31),
                              .role = static_cast<Role>(*inRange(0, 4)),
                              .source = *hostile_text()});
    finding.objects.push_back({.name = *hostile_text(),
                               .kind = *hostile_text(),
                               .naming = static_cast<Naming>(*inRange(0, 3)),
                               .memory = *hostile_text()});
    finding.threads.push_back({.name = *hostile_text(),
                               .state = static_cast<ThreadState>(*inRange(0, 3)),
                               .operation = *hostile_text(),
                               .waits_for = *hostile_text(),
                               .object = *maybe_index(kEach),
                               .holder = *maybe_index(kEach),
                               .stack = any_stack()});
  }
  for (int steps = *inRange(0, 4); steps > 0; --steps) finding.steps.push_back(any_step());
  for (int places = *inRange(0, 3); places > 0; --places) {
    const auto steps = static_cast<unsigned>(finding.steps.size());
    finding.places.push_back({.label = *hostile_text(),
                              .thread = *maybe_index(kEach),
                              .step = *maybe_index(steps),
                              .stack = any_stack()});
  }
  for (int accesses = *inRange(0, 3); accesses > 0; --accesses) {
    finding.accesses.push_back(any_access(finding));
  }
  if (*arbitrary<bool>()) finding.history = any_history();
  return finding;
}

TEST(FindingJson, SurvivesTheWayThereAndBack) {
  ASSERT_TRUE(rc::check("reading what was written gives what was there", [] {
    const Finding finding = any_finding();
    RC_ASSERT(finding_from_json(to_json(finding)) == finding);
  }));
}

TEST(FindingJson, OfAnyBytesIsWellFormed) {
  Finding finding;
  finding.sentence = "\xff\x80 \xc3";
  EXPECT_EQ(valid_utf8(to_json(finding)), to_json(finding));
  EXPECT_EQ(finding_from_json(to_json(finding)).sentence, valid_utf8(finding.sentence));
}

// What the reader says of a file in which a part was replaced.
std::string refusal_of(const std::string& part, const std::string& by) {
  Finding finding;
  finding.frames.resize(1);
  finding.threads.resize(1);
  finding.steps.resize(1);
  finding.steps[0].stack = {0};
  std::string text = to_json(finding);
  const std::size_t at = text.find(part);
  EXPECT_NE(at, text.npos) << text;
  text.replace(at, part.size(), by);
  try {
    finding_from_json(text);
  } catch (const FindingError& error) {
    return error.what();
  }
  return "";
}

TEST(FindingJsonReader, RefusesAnotherVersionAndSaysSo) {
  EXPECT_EQ(refusal_of("\"weft_finding\": 1", "\"weft_finding\": 2"),
            "finding.json: this is version 2 of the format, and this reader knows version 1 alone; "
            "read it with the Weft that wrote it");
  EXPECT_EQ(refusal_of("\"weft_finding\": 1,", ""),
            "finding.json: this is no finding of Weft: it has no field \"weft_finding\"");
}

TEST(FindingJsonReader, SaysWhatIsWrongAndWhere) {
  EXPECT_EQ(refusal_of("\"kind\": \"\"", "\"kind\": 1"), "finding.json: finding.kind is no string");
  EXPECT_EQ(refusal_of("\"sentence\": \"\",", ""), "finding.json: finding.sentence is missing");
  EXPECT_EQ(refusal_of("\"seed\": \"0\"", "\"seed\": \"-1\""),
            "finding.json: finding.seed is no number in a string");
  EXPECT_EQ(refusal_of("\"line\": 0", "\"line\": 0.5"),
            "finding.json: finding.frames[0].line is no whole number below 4294967295");
  EXPECT_EQ(refusal_of("\"state\": \"ended\"", "\"state\": \"dead\""),
            "finding.json: finding.threads[0].state is \"dead\", which is none of its words");
  EXPECT_EQ(refusal_of("\"stack\": [0]", "\"stack\": [1]"),
            "finding.json: finding.steps[0].stack is no whole number below 1");
  EXPECT_EQ(refusal_of("\"place\": 0", "\"place\": 2"),
            "finding.json: finding.steps[0].place is no whole number below 2");
  EXPECT_EQ(refusal_of("{\"thread\": 0", "{\"thread\": 1"),
            "finding.json: finding.steps[0].thread is no whole number below 1");
  EXPECT_EQ(refusal_of("\"steps\": [", "\"steps\": [1, "),
            "finding.json: finding.steps[0] is no object");
  EXPECT_NE(refusal_of("}\n", ""), "") << "a file that was cut off";
}

TEST(FindingJsonReader, ReadsFilesFromBeforeThereWerePlaces) {
  EXPECT_EQ(refusal_of(",\n  \"places\": []", ""), "");
}

TEST(FindingJsonReader, PassesOverWhatItDoesNotKnow) {
  EXPECT_EQ(refusal_of("\"kind\": \"\"", "\"kind\": \"\", \"weather\": {\"rain\": [true]}"), "");
}

// --- The document ----------------------------------------------------------------

std::string document() {
  std::ifstream stream("docs/finding-json.md");
  EXPECT_TRUE(stream) << "docs/finding-json.md is not among this test's data";
  return {std::istreambuf_iterator<char>(stream), {}};
}

TEST(FindingJsonDocument, ShowsAFileThatCanBeRead) {
  const std::string text = document();
  const std::string fence = "```json\n";
  const std::size_t begin = text.find(fence);
  ASSERT_NE(begin, text.npos);
  const std::size_t start = begin + fence.size();
  const Finding finding = finding_from_json(text.substr(start, text.find("```", start) - start));
  EXPECT_FALSE(finding.steps.empty());
  EXPECT_FALSE(finding.threads.empty());
}

TEST(FindingJsonDocument, NamesEveryField) {
  Finding finding;
  finding.thread = 0;
  finding.original.emplace();
  finding.frames.push_back({.function = "", .file = "", .source = "load();"});
  finding.objects.resize(1);
  finding.threads.push_back({.name = "",
                             .state = ThreadState::kWaits,
                             .operation = "lock",
                             .waits_for = "",
                             .object = 0,
                             .holder = 0,
                             .stack = {}});
  Step step;
  step.object = step.second = step.other = 0;
  step.value = step.before = step.left = step.order = "1";
  step.size = 4;
  step.changed = step.switched = step.preempted = step.blocked = true;
  step.timed_out = step.failed = step.spurious = true;
  finding.steps.push_back(step);
  finding.places.push_back({.label = "there", .thread = 0, .step = 0, .stack = {}});
  MemoryAccess access;
  access.object = 0;
  access.block = 1;
  finding.accesses.push_back(access);
  finding.history = {.lanes = {"main"},
                     .rows = 1,
                     .calls = {{.text = "pop",
                                .result = "3",
                                .finish = 0,
                                .order = 1,
                                .refusal = "the model would give nothing"}},
                     .state = "[]"};
  const std::string json = to_json(finding);
  const std::string text = document();
  const std::regex key("\"(\\w+)\":");
  std::set<std::string> seen;
  for (auto at = std::sregex_iterator(json.begin(), json.end(), key); at != std::sregex_iterator();
       ++at) {
    const std::string name = (*at)[1];
    if (!seen.insert(name).second) continue;
    EXPECT_NE(text.find("| `" + name + "` |"), text.npos) << name << " is not explained";
  }
  EXPECT_GT(seen.size(), 40u);
}

}  // namespace
}  // namespace weft::report
