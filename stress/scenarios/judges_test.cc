// The judges themselves: they refuse a transcript with anything wrong in it, and allow what is
// free.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/all.h"
#include "scenarios/judging.h"
#include "stress/run/build_mode.h"

namespace weft::scenarios {
namespace {

const Scenario& scenario_of(std::string_view row) {
  const auto all = all_scenarios();
  const auto found = std::ranges::find_if(all, [&](const Scenario* s) { return s->row == row; });
  if (found == all.end()) throw std::out_of_range("no scenario of row " + std::string(row));
  return **found;
}

// In the explorer's build nothing is shared between processes.
bool can_run(const Scenario& scenario) { return !(kExplored && scenario.starts_processes); }

std::vector<const Scenario*> scenarios_that_can_run() {
  std::vector<const Scenario*> those;
  for (const Scenario* scenario : all_scenarios()) {
    if (can_run(*scenario)) those.push_back(scenario);
  }
  return those;
}

Lines a_good_transcript(const Scenario& scenario) {
  Transcript transcript;
  scenario.run(transcript, Pace{});
  return transcript.lines();
}

std::string joined(const Lines& lines) {
  std::string text;
  for (const std::string& line : lines) text += "  " + line + '\n';
  return text;
}

void expect_refused(const Scenario& scenario, const Lines& lines, std::string_view what) {
  EXPECT_NE(scenario.judge(lines), "")
      << "row " << scenario.row << " allows a transcript with " << what << ":\n"
      << joined(lines);
}

Lines with_exchanged(Lines lines, std::string_view a, std::string_view b) {
  const auto first = std::ranges::find(lines, a);
  const auto second = std::ranges::find(lines, b);
  if (first == lines.end() || second == lines.end()) {
    ADD_FAILURE() << "no line \"" << a << "\" or no line \"" << b << "\" in\n" << joined(lines);
    return lines;
  }
  std::iter_swap(first, second);
  return lines;
}

// Rows in which the order of some lines is free.
const std::set<std::string_view> kPartlyFree = {"001-4", "001-9", "001-10", "002-1", "002-2",
                                                "002-5", "002-6", "003-1a", "003-2", "004-2"};

TEST(Judges, AllowWhatTheirScenariosSay) {
  for (const Scenario* scenario : scenarios_that_can_run()) {
    EXPECT_EQ(scenario->judge(a_good_transcript(*scenario)), "") << "row " << scenario->row;
  }
}

TEST(Judges, RefuseSilence) {
  for (const Scenario* scenario : all_scenarios()) expect_refused(*scenario, {}, "no lines");
}

TEST(Judges, MissEveryLine) {
  for (const Scenario* scenario : scenarios_that_can_run()) {
    const Lines good = a_good_transcript(*scenario);
    for (std::size_t i = 0; i < good.size(); ++i) {
      Lines bad = good;
      bad.erase(bad.begin() + static_cast<std::ptrdiff_t>(i));
      expect_refused(*scenario, bad, "a line left out");
    }
  }
}

TEST(Judges, RefuseEveryLineSaidTwice) {
  for (const Scenario* scenario : scenarios_that_can_run()) {
    const Lines good = a_good_transcript(*scenario);
    for (std::size_t i = 0; i < good.size(); ++i) {
      Lines bad = good;
      bad.insert(bad.begin() + static_cast<std::ptrdiff_t>(i), good[i]);
      expect_refused(*scenario, bad, "a line doubled");
    }
  }
}

TEST(Judges, RefuseLinesOfOthers) {
  for (const Scenario* scenario : scenarios_that_can_run()) {
    const Lines good = a_good_transcript(*scenario);
    for (std::size_t i = 0; i <= good.size(); ++i) {
      Lines bad = good;
      bad.insert(bad.begin() + static_cast<std::ptrdiff_t>(i), "a line of somebody else");
      expect_refused(*scenario, bad, "a foreign line");
    }
  }
}

TEST(Judges, ReportAClaimThatBroke) {
  for (const Scenario* scenario : scenarios_that_can_run()) {
    Transcript transcript;
    scenario->run(transcript, Pace{});
    transcript.claim(true, "of no interest");
    EXPECT_EQ(scenario->judge(transcript.lines()), "");
    transcript.claim(false, "the sky fell");
    expect_refused(*scenario, transcript.lines(), "a broken claim");
  }
}

TEST(Judges, RefuseAnyExchangeWhereTheOrderIsFixed) {
  for (const Scenario* scenario : scenarios_that_can_run()) {
    if (kPartlyFree.contains(scenario->row)) continue;
    const Lines good = a_good_transcript(*scenario);
    for (std::size_t i = 0; i < good.size(); ++i) {
      for (std::size_t j = i + 1; j < good.size(); ++j) {
        if (good[i] == good[j]) continue;
        Lines bad = good;
        std::swap(bad[i], bad[j]);
        expect_refused(*scenario, bad, "two lines exchanged");
      }
    }
  }
}

TEST(Judges, RefuseAnExchangeOfOrderedLinesWhereTheRestIsFree) {
  struct Exchange {
    std::string_view row, a, b;
  };
  // Each pair is ordered, and no row of kPartlyFree is without one.
  constexpr Exchange kOrdered[] = {
      {"001-4", "Hello, world!", "done"},
      {"001-4", "we can run other code on the meantime", "done"},
      {"001-9", "user 0", "most at a time: 3"},
      {"001-9", "permits at the end: 3", "release(3) lets in: 3"},
      {"001-10", "set()", "waiter 0: 42"},
      {"001-10", "set()", "waiter 2: 42"},
      {"001-10", "waiter 1: 42", "wait() after set(): True"},
      {"001-10", "is_set: False", "is_set after clear(): False"},
      {"002-1", "(Both threads have started)", "Both threads have finished"},
      {"002-1", "", "Both threads have finished"},
      {"002-2", "(Both processes have started)", "o"},
      {"002-2", "(Both processes have started)", "O"},
      {"002-2", "ooo", "oooo"},
      {"002-2", "OOO", "OOOO"},
      {"002-2", "oooooooooo", "Both processes have finished"},
      {"002-2", "Both processes have finished", "a: ''"},
      {"002-5", "produced 0", "produced 9"},
      {"002-5", "produced 9", "producer: done"},
      {"002-5", "consumed 4", "consumed 5"},
      {"002-5", "consumed 10", "consumer: done"},
      {"002-5", "produced 0", "consumed 10"},
      {"002-5", "produced 0", "intermediate: done"},
      {"002-6", "produced 9", "producer: done"},
      {"002-6", "consumed 4", "consumed 5"},
      {"002-6", "produced 0", "consumed 10"},
      {"003-1a", "phil 0 is eating", "phil 0 is thinking"},
      {"003-1a", "phil 4 is eating", "phil 4 is thinking"},
      {"003-2", "hello world 11", "hello world 12"},
      {"003-2", "hello myself 14", "hello myself 15"},
      {"003-2", "hello world 15", "counter is : 10"},
      {"003-2", "hello myself 15", "counter is : 10"},
      {"004-2", "Still Running", "T-minux 9"},
      {"004-2", "Still Running", "T-minux 1"},
      {"004-2", "T-minux 10", "T-minux 9"},
  };
  std::set<std::string_view> seen;
  for (const auto& [row, a, b] : kOrdered) {
    seen.insert(row);
    const Scenario& scenario = scenario_of(row);
    if (!can_run(scenario)) continue;
    expect_refused(scenario, with_exchanged(a_good_transcript(scenario), a, b),
                   "ordered lines exchanged");
  }
  EXPECT_EQ(seen, kPartlyFree);
}

TEST(Judges, RefuseAStringThatShrinks) {
  const Scenario& scenario = scenario_of("002-1");
  const Lines good = a_good_transcript(scenario);
  for (std::size_t i = 0; i + 1 < good.size(); ++i) {
    if (good[i].starts_with('(') || good[i + 1].starts_with('(')) continue;
    Lines bad = good;
    std::swap(bad[i], bad[i + 1]);
    expect_refused(scenario, bad, "neighbouring lines exchanged");
  }
}

// What the document shows from a run, its one torn line mended.
TEST(Judges, AllowTheRecordedRunsOfThePipeline) {
  const Lines done = {"producer: done", "intermediate: done"};
  const Lines by_threads =
      concatenated({{"produced 0", "produced 1", "consumed 1", "consumed 2", "consumed 3"},
                    numbered("produced ", 2, 9),
                    done,
                    numbered("consumed ", 4, 10),
                    {"consumer: done"}});
  EXPECT_EQ(scenario_of("002-5").judge(by_threads), "");

  const Lines by_processes = {"produced 0", "produced 1",     "consumed 1",         "produced 2",
                              "consumed 2", "produced 3",     "produced 4",         "consumed 3",
                              "produced 5", "produced 6",     "consumed 4",         "produced 7",
                              "consumed 5", "produced 8",     "consumed 6",         "produced 9",
                              "consumed 7", "producer: done", "intermediate: done", "consumed 8",
                              "consumed 9", "consumed 10",    "consumer: done"};
  EXPECT_EQ(scenario_of("002-5").judge(by_processes), "");
}

TEST(Judges, RefuseANumberConsumedBeforeItCanHaveBeenPut) {
  const Lines too_early = concatenated({numbered("produced ", 0, 1),
                                        numbered("consumed ", 1, 4),
                                        numbered("produced ", 2, 9),
                                        {"producer: done", "intermediate: done"},
                                        numbered("consumed ", 5, 10),
                                        {"consumer: done"}});
  EXPECT_EQ(scenario_of("002-5").judge(too_early),
            "the line \"consumed 4\" does not come after \"produced 2\"");
}

TEST(Judges, AllowTheMeantimeLineAnywhereBeforeTheEnd) {
  const Scenario& scenario = scenario_of("001-4");
  for (std::size_t at = 0; at <= 20; ++at) {
    Lines lines(20, "Hello, world!");
    lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(at),
                 "we can run other code on the meantime");
    lines.emplace_back("done");
    EXPECT_EQ(scenario.judge(lines), "") << "at " << at;
  }
}

TEST(Judging, NamesTheFirstWrongLine) {
  EXPECT_EQ(say_exactly({"a", "b"}, {"a", "c"}), "line 2 is \"c\" and should be \"b\"");
  EXPECT_EQ(say_exactly({"a", "b"}, {"a"}), "the line \"b\" is missing");
  EXPECT_EQ(say_exactly({"a"}, {"a", "a"}), "one line too many: \"a\"");
  EXPECT_EQ(say_in_any_order({"a", "b"}, {"b", "a"}), "");
  EXPECT_EQ(say_in_any_order({"a", "b"}, {"b"}), "the line \"a\" is missing");
  EXPECT_EQ(say_in_any_order({"a"}, {"a", "broken: it leaks"}), "broken: it leaks");
  EXPECT_EQ(in_order({"a", "b"}, {"b", "a"}), "the line \"b\" does not come after \"a\"");
  EXPECT_EQ(numbered("n", 2, 0), (Lines{"n2", "n1", "n0"}));
}

}  // namespace
}  // namespace weft::scenarios
