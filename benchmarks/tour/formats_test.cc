// The three shapes of one result: terminal, JSON, page.
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <limits>
#include <string>

#include "benchmarks/tour/html.h"
#include "benchmarks/tour/json.h"
#include "benchmarks/tour/model.h"
#include "benchmarks/tour/text.h"
#include "stress/report/json_reader.h"

namespace weft::tour {
namespace {

using report::Json;
using report::read_json;

constexpr const char* kReplacement = "\xEF\xBF\xBD";

Part a_part(bool second_row_as_expected) {
  Part part;
  part.key = "things";
  part.title = "Things <tried>";
  part.about = "What \"about\" says & more.";
  part.columns = {{"name", "name", Unit::kText, 8},
                  {"count", "count", Unit::kCount, 6},
                  {"speed", "speed", Unit::kPerSecond, 10},
                  {"what", "what", Unit::kText, 0}};
  part.rows = {{.cells = {std::string("one"), std::uint64_t{7}, 2.5e6, std::string("<b>&'\"")},
                .as_expected = true,
                .details = "first\nsecond"},
               {.cells = {std::string("two"), std::uint64_t{0}, 12.0, std::string("plain")},
                .as_expected = second_row_as_expected,
                .details = ""}};
  part.seconds = 1.5;
  return part;
}

Result a_result(bool as_expected) {
  Result result;
  result.date = "2026-01-31T23:59:59Z";
  result.facts.all = {{"cpu", "Example <3000>"}};
  result.facts.warnings = {"it is loaded"};
  result.parts = {a_part(as_expected)};
  result.seconds = 2;
  return result;
}

TEST(Json, SaysWhatTheResultSays) {
  const Json json = read_json(to_json(a_result(true)));
  EXPECT_EQ(json.at("weft_tour").number(), 1);
  EXPECT_TRUE(json.at("as_expected").boolean());
  EXPECT_EQ(json.at("machine").at("cpu").text(), "Example <3000>");
  EXPECT_EQ(json.at("warnings").array().at(0).text(), "it is loaded");
  const Json& part = json.at("parts").array().at(0);
  EXPECT_EQ(part.at("key").text(), "things");
  EXPECT_EQ(part.at("total").number(), 2);
  EXPECT_EQ(part.at("as_expected").number(), 2);
  const Json& row = part.at("rows").array().at(0);
  EXPECT_EQ(row.at("count").number(), 7);
  EXPECT_EQ(row.at("speed").number(), 2.5e6);
  EXPECT_EQ(row.at("what").text(), "<b>&'\"");
  EXPECT_EQ(row.at("details").text(), "first\nsecond");
}

TEST(Json, WhatIsNotKnownIsNull) {
  EXPECT_TRUE(std::holds_alternative<std::nullptr_t>(
      read_json(to_json(a_result(true))).at("interference").value));
  Result result = a_result(true);
  result.seconds = std::numeric_limits<double>::infinity();
  EXPECT_TRUE(
      std::holds_alternative<std::nullptr_t>(read_json(to_json(result)).at("seconds").value));
}

TEST(Json, AnEmptyResultIsStillJson) {
  EXPECT_FALSE(read_json(to_json(Result{})).at("as_expected").boolean());
}

TEST(Html, NothingCanEscapeFromText) {
  EXPECT_EQ(html_text("<a b=\"c\" d='e'>&\n"), "&lt;a b=&quot;c&quot; d=&#39;e&#39;&gt;&amp;\n");
  EXPECT_EQ(html_text(std::string("\x01\x1b", 2)), std::string(kReplacement) + kReplacement);
}

TEST(Html, APageHoldsEveryRowEscaped) {
  const std::string page = to_html(a_result(true));
  for (const char* text : {"Things &lt;tried&gt;", "What &quot;about&quot; says &amp; more.",
                           "&lt;b&gt;&amp;&#39;&quot;", "first\nsecond", "Example &lt;3000&gt;",
                           "it is loaded", "2.50 M/s", "All 2 as expected"}) {
    EXPECT_NE(page.find(text), page.npos) << text;
  }
  EXPECT_EQ(page.find("<tried>"), page.npos);
}

TEST(Html, APageAsksForNothing) {
  const std::string page = to_html(a_result(true));
  for (const char* text : {"http:", "https:", "src=", "<link", "<script", "@import", "url("}) {
    EXPECT_EQ(page.find(text), page.npos) << text;
  }
}

TEST(Result, OneRowThatIsNotAsExpectedCounts) {
  EXPECT_TRUE(a_result(true).as_expected());
  const Result result = a_result(false);
  EXPECT_FALSE(result.as_expected());
  EXPECT_FALSE(read_json(to_json(result)).at("as_expected").boolean());
  EXPECT_NE(to_html(result).find("1 of 2 not as expected"), std::string::npos);
  EXPECT_NE(text_line(result.parts[0], result.parts[0].rows[1]).find("NOT"), std::string::npos);
}

TEST(Result, NothingIsNotAsExpected) {
  EXPECT_FALSE(Result{}.as_expected());
  Result empty_part = a_result(true);
  empty_part.parts[0].rows.clear();
  EXPECT_FALSE(empty_part.as_expected());
}

TEST(Summary, CountsEachPart) {
  const Part table = summary(a_result(false));
  ASSERT_EQ(table.rows.size(), 1u);
  EXPECT_EQ(std::get<std::uint64_t>(table.rows[0].cells[1]), 2u);
  EXPECT_EQ(std::get<std::uint64_t>(table.rows[0].cells[2]), 1u);
  EXPECT_EQ(std::get<std::uint64_t>(table.rows[0].cells[3]), 1u);
  EXPECT_FALSE(table.rows[0].as_expected);
}

TEST(Text, ColumnsStandInLine) {
  const Part part = a_part(true);
  EXPECT_EQ(text_header(part), "      name       count       speed  what");
  EXPECT_EQ(text_line(part, part.rows[0]), "  ok  one            7    2.50 M/s  <b>&'\"");
  EXPECT_EQ(text_line(part, part.rows[1]), "  ok  two            0     12.0 /s  plain");
}

std::string progress_of(bool terminal) {
  char* text = nullptr;
  std::size_t size = 0;
  std::FILE* stream = open_memstream(&text, &size);
  Progress progress(stream, terminal);
  const Part part = a_part(true);
  progress.begin(part, 2);
  progress.running("one");
  progress.finished(part, part.rows[0]);
  std::fclose(stream);
  std::string copy(text, size);
  std::free(text);
  return copy;
}

TEST(Progress, OverwritesItsLineOnATerminalOnly) {
  const std::string on_terminal = progress_of(true);
  EXPECT_NE(on_terminal.find("\r\x1b[K[1/2] one ..."), std::string::npos);
  EXPECT_NE(on_terminal.find("\r\x1b[K  ok  one"), std::string::npos);
  const std::string in_log = progress_of(false);
  EXPECT_EQ(in_log.find_first_of("\r\x1b"), std::string::npos);
  EXPECT_NE(in_log.find("\n  ok  one"), std::string::npos);
}

}  // namespace
}  // namespace weft::tour
