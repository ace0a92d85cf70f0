// A history of calls as text, as JSON and on a page.
#include "stress/report/history.h"

#include <gtest/gtest.h>

#include <string>

#include "stress/report/finding_json.h"
#include "stress/report/page.h"

namespace weft::report {
namespace {

// A pop that finds nothing while another has taken the only item; a third waits.
History example() {
  return {.lanes = {"thread 0", "thread 1", "main"},
          .rows = 5,
          .calls = {{.lane = 0, .text = "pop", .result = "7", .begin = 1, .finish = 3, .order = 2},
                    {.lane = 1,
                     .text = "pop",
                     .result = "7",
                     .begin = 2,
                     .finish = 4,
                     .refusal = "the model would give nothing"},
                    {.lane = 2, .text = "push(7)", .begin = 0, .finish = 0, .order = 1}},
          .state = "[]"};
}

TEST(History, IsATableAndWhyNothingFits) {
  EXPECT_EQ(
      history_text(example()),
      "  thread 0   | thread 1 | main\n"
      "             |          | push(7)  #1\n"
      "  [ pop      |          |\n"
      "  |          | [ pop    |\n"
      "  ] -> 7  #2 | |        |\n"
      "             | ] -> 7   |\n"
      "  The model allows the calls with a number, in that order; it is then []. What is left "
      "fits nowhere:\n"
      "    thread 1, pop -> 7: the model would give nothing\n");
}

TEST(History, SaysWhoWaitsForEver) {
  History history{.lanes = {"thread 0", "thread 1"},
                  .rows = 3,
                  .calls = {{.lane = 0,
                             .text = "get",
                             .end = CallEnd::kBlocked,
                             .begin = 0,
                             .refusal = "it waits for ever, but the model lets it go on"},
                            {.lane = 1, .text = "put(1)", .begin = 1, .finish = 1, .order = 1}},
                  .state = "[1]"};
  const std::string text = history_text(history);
  EXPECT_NE(text.find("  [ get            |\n"), text.npos) << text;
  EXPECT_NE(text.find("| put(1)  #1\n"), text.npos) << text;
  EXPECT_NE(text.find("  | waits for ever |\n"), text.npos) << text;
  history.calls[0].end = CallEnd::kPending;
  EXPECT_NE(history_text(history).find("| has not returned"), text.npos);
}

TEST(History, OfControlCharactersStaysATable) {
  History history = example();
  history.calls[0].result = "a\nb\x1b[31m";
  const std::string text = history_text(history);
  EXPECT_NE(text.find("] -> a?b?[31m"), text.npos) << text;
  EXPECT_EQ(text.find('\x1b'), text.npos);
}

TEST(History, OnAPageStandsFromBeginningToEnd) {
  Finding finding;
  finding.history = example();
  const std::string page = page_of(finding);
  EXPECT_NE(page.find("<td class=\"call\" rowspan=\"3\"><code>pop</code> &rarr; <code>7</code> "
                      "<strong>#2</strong></td>"),
            page.npos);
  EXPECT_NE(page.find("<em>the model would give nothing</em>"), page.npos);
  finding.history.reset();
  EXPECT_EQ(page_of(finding).find("id=\"history\""), page.npos);
}

TEST(History, OnAPageIsTextAlone) {
  const std::string hostile = "<img src=x onerror=\"alert(1)\"> & '</code>";
  Finding finding;
  finding.history = {
      .lanes = {hostile},
      .rows = 1,
      .calls = {{.text = hostile, .result = hostile, .finish = 0, .refusal = hostile}},
      .state = hostile};
  const std::string page = page_of(finding);
  EXPECT_EQ(page.find("<img"), page.npos);
  EXPECT_EQ(page.find("</code>\"> &"), page.npos);
  std::size_t times = 0;
  for (std::size_t at = 0; (at = page.find("&lt;img src=x", at)) != page.npos; ++at) ++times;
  EXPECT_EQ(times, 5u) << "each of the texts is there, escaped";
}

TEST(History, InAFileThatWasTamperedWithIsRefused) {
  Finding finding;
  finding.history = example();
  const std::string json = to_json(finding);
  EXPECT_EQ(finding_from_json(json).history, finding.history);
  const auto refused = [&](const std::string& from, const std::string& to) -> std::string {
    std::string broken = json;
    const std::size_t at = broken.find(from);
    if (at == broken.npos) return "the file has no " + from;
    broken.replace(at, from.size(), to);
    try {
      (void)finding_from_json(broken);
    } catch (const FindingError& error) {
      return error.what();
    }
    return "";
  };
  EXPECT_NE(refused("\"lane\": 2", "\"lane\": 3").find("lane is no whole number below 3"),
            json.npos);
  EXPECT_NE(refused("\"finish\": 3", "\"finish\": 0").find("ends before it begins"), json.npos);
  EXPECT_NE(refused("\"returned\"", "\"gone\"").find("end is \"gone\", which is none of its words"),
            json.npos);
  EXPECT_NE(refused("\"state\": \"[]\"", "\"state\": 1").find("state is no string"), json.npos);
}

}  // namespace
}  // namespace weft::report
