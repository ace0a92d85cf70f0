// The tool itself: what it prints, what it lets through, what it objects to.
#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "primitives/base/wait_list.h"
#include "stress/generate/concurrent.h"
#include "stress/generate/interleavings.h"
#include "stress/generate/lockstep.h"
#include "stress/generate/program.h"
#include "stress/generate/program_text.h"
#include "stress/generate/property.h"
#include "stress/generate/vocabulary.h"
#include "stress/report/finding_json.h"
#include "stress/run/build_mode.h"

namespace weft::generate {
namespace {

// A box for one number: put waits while it is full, take while it is empty.
struct Box {
  internal::Mutex mutex;
  internal::WaitList changed;
  std::optional<int> content;

  void put(int number) {
    internal::MutexLock hold(mutex);
    while (content) changed.wait(mutex, Deadline::never());
    content = number;
    changed.notify_all();
  }
  int take() {
    internal::MutexLock hold(mutex);
    while (!content) changed.wait(mutex, Deadline::never());
    const int number = *content;
    content.reset();
    changed.notify_all();
    return number;
  }
};

struct BoxState {
  std::optional<int> content;
  std::string text() const { return content ? std::to_string(*content) : "empty"; }
};

enum : unsigned { kPut, kTake };

// `added` to each number on its way: a box that is wrong, but never stuck.
Vocabulary box_vocabulary(int added = 0) {
  return Vocabulary::of<Box, BoxState>("Box", [] { return std::make_unique<Box>(); })
      .operation(
          "put(#)", {1, 5},
          [added](Box& b, const Turn& t) {
            b.put(t.argument + added);
            return "done";
          },
          [](BoxState& s, const Turn& t) {
            if (s.content) return blocked();
            s.content = t.argument;
            return done("done");
          })
      .operation(
          "take", [](Box& b, const Turn&) { return std::int64_t{b.take()}; },
          [](BoxState& s, const Turn&) {
            if (!s.content) return blocked();
            const std::int64_t number = *s.content;
            s.content.reset();
            return done(number);
          })
      .contents([](Box& b) { return b.content ? std::to_string(*b.content) : "empty"; },
                [](const BoxState& s) { return s.text(); })
      .rescue([](Box& b) {
        const bool is_full = [&] {
          internal::MutexLock hold(b.mutex);
          return b.content.has_value();
        }();
        is_full ? (void)b.take() : b.put(0);
      });
}

Call put(int number, int turn = 0) {
  return {.operation = kPut, .choices = {static_cast<unsigned>(number - 1)}, .turn = turn};
}
Call take(int turn = 0) { return {.operation = kTake, .turn = turn}; }

TEST(Table, HasOneColumnAThreadAndOneRowACallInTheOrderBegun) {
  const Vocabulary box = box_vocabulary();
  const Program program{{put(1), put(2)}, {take()}};
  EXPECT_EQ(table(box, program),
            "  thread 0 | thread 1\n"
            "  put(1)   | take\n"
            "  put(2)   |\n");
  const Rest rest{{{1, {Value("done")}}, {1, {std::nullopt}}, {}}};
  const std::vector<unsigned> order{1, 0};
  EXPECT_EQ(table(box, program, rest, order),
            "  thread 0       | thread 1\n"
            "                 | take ... waits\n"
            "  put(1) -> done |\n"
            "  put(2)         |\n");
}

TEST(Table, ShowsWhatComesBeforeAndAfterTheThreads) {
  const Vocabulary box = box_vocabulary();
  Program program{{put(1)}, {take(), take()}};
  program.before = {put(2)};
  program.after = {take()};
  EXPECT_EQ(table(box, box.complete(program)),
            "  thread 0 | thread 1 | main\n"
            "           |          | put(2)\n"
            "  put(1)   | take     |\n"
            "           | take     |\n"
            "           |          | take\n"
            "           |          | contents\n");
}

TEST(Table, ShowsLabelsWhereANameAsksForThem) {
  Vocabulary box = box_vocabulary();
  box.operations[kPut].name = "put(@)";
  Program program{{put(1)}, {put(1)}};
  program.label();
  EXPECT_EQ(table(box, program), "  thread 0 | thread 1\n  put(1)   | put(101)\n");
}

TEST(ProgramAsALine, SurvivesTheWayThereAndBack) {
  const Vocabulary box = box_vocabulary();
  Program program{{put(3), take()}, {take()}};
  program.before = {put(2)};
  program.after = {put(5)};
  const Program whole = box.complete(program);
  const std::string line = encoded(box, whole);
  EXPECT_TRUE(line.ends_with(":0.1:0.2,1/1:0.4")) << line;
  EXPECT_EQ(table(box, decoded(box, line)), table(box, whole));
  EXPECT_EQ(encoded(box, decoded(box, line)), line);
}

TEST(ProgramAsALine, OfAnotherTestIsRefusedWithASentence) {
  const Vocabulary box = box_vocabulary();
  Vocabulary other = box;
  other.operations[kTake].name = "take, or not";
  const auto refusal = [](const Vocabulary& vocabulary, const std::string& line) -> std::string {
    try {
      (void)decoded(vocabulary, line);
    } catch (const OptionError& error) {
      return error.what();
    }
    return "";
  };
  const std::string line = encoded(box, {{put(1)}});
  EXPECT_EQ(refusal(box, line), "");
  EXPECT_NE(refusal(other, line).find("other operations"), std::string::npos);
  EXPECT_NE(refusal(box, line + ":").find("is not a program"), std::string::npos);
  const std::string mark = line.substr(0, 5);
  EXPECT_NE(refusal(box, mark + ":7:").find("no operation 7"), std::string::npos);
  EXPECT_NE(refusal(box, mark + ":0.x:").find("is not a call"), std::string::npos);
  EXPECT_NE(refusal(box, mark + ":0.1.2.3:").find("too many arguments"), std::string::npos);
}

TEST(Interleavings, FindACallThatMayWaitForEver) {
  const Vocabulary box = box_vocabulary();
  EXPECT_FALSE(find_stuck_call(box, {{put(1)}, {take()}}));
  EXPECT_FALSE(find_stuck_call(box, {{put(1), put(2)}, {take(), take()}}));
  EXPECT_TRUE(find_stuck_call(box, {{put(1)}, {put(2)}}));
  // The two takers: whoever comes first gets it.
  EXPECT_TRUE(find_stuck_call(box, {{put(1)}, {take()}, {take()}}));
}

TEST(Interleavings, TellWhatMayGetStuckFromWhatMust) {
  const Vocabulary box = box_vocabulary();
  EXPECT_TRUE(always_gets_stuck(box, {{take()}}));
  EXPECT_TRUE(always_gets_stuck(box, {{put(1)}, {take()}, {take()}}));
  // Ends if the first thread's put comes first.
  const Program may{{put(1), take()}, {take(), put(2), put(3)}};
  EXPECT_TRUE(find_stuck_call(box, may));
  EXPECT_FALSE(always_gets_stuck(box, {{put(1), take()}, {put(2), take()}}));
}

TEST(Interleavings, LeaveOfAProgramWhatAlwaysEnds) {
  const Vocabulary box = box_vocabulary();
  const Program ends{{put(1), put(2)}, {take(), take()}};
  EXPECT_EQ(table(box, finishing_part(box, ends)), table(box, ends));
  const Program cut = finishing_part(box, {{put(1), put(2), put(3)}, {take()}});
  EXPECT_FALSE(find_stuck_call(box, cut));
  EXPECT_EQ(table(box, cut),
            "  thread 0 | thread 1\n"
            "  put(1)   | take\n"
            "  put(2)   |\n");
}

bool may_rest(const Program& program, const Rest& rest) {
  const Vocabulary box = box_vocabulary();
  std::vector<Position> start;
  start.emplace_back(box, program);
  return !positions_at_rest(start, rest).empty();
}

TEST(Rest, AcceptsAnyOrderOfThreadsButNotOfAThread) {
  const Program program{{put(1), put(2)}, {take(), take()}};
  const auto rest = [](std::int64_t first, std::int64_t second) {
    return Rest{{{2, {Value("done"), Value("done")}}, {2, {Value(first), Value(second)}}, {}}};
  };
  EXPECT_TRUE(may_rest(program, rest(1, 2)));
  EXPECT_FALSE(may_rest(program, rest(2, 1)));
  EXPECT_FALSE(may_rest(program, rest(1, 1))) << "taken twice";
}

TEST(Rest, AsksThatAWaitingCallMustWait) {
  const Program program{{take()}, {put(1)}};
  const Rest::Lane waits{1, {std::nullopt}};
  const Rest::Lane returned{1, {Value("done")}};
  EXPECT_TRUE(may_rest(program, {{waits, {}, {}}}));
  EXPECT_FALSE(may_rest(program, {{waits, returned, {}}}));
  EXPECT_FALSE(may_rest(program, {{{}, waits, {}}})) << "a put into an empty box does not wait";
}

std::optional<std::string> in_lockstep(const Vocabulary& vocabulary, Program program) {
  return violation_in_lockstep(vocabulary, vocabulary.complete(std::move(program)));
}

ProgramReport explored(const Vocabulary& vocabulary, Program program) {
  return search_program(vocabulary, vocabulary.complete(std::move(program)),
                        {.seed = 1,
                         .budget = Seconds(20),
                         .executions = 50,
                         .hang_after = Seconds(0.3),
                         .isolate = false});
}

TEST(Lockstep, AcceptsWaitsAndWakeUpsThatTheModelHasToo) {
  // The first take waits, and at the end a put does.
  const Program program{{take(1), take(3)}, {put(1, 2), put(2, 4), put(3, 5), put(4, 6)}};
  EXPECT_EQ(in_lockstep(box_vocabulary(), program), std::nullopt);
}

TEST(Lockstep, ObjectsToAWrongResultAndShowsTheOrder) {
  const auto text = in_lockstep(box_vocabulary(1), {{take(1)}, {put(1, 2)}});
  ASSERT_TRUE(text);
  EXPECT_EQ(*text,
            "no order of the steps explains what was seen; one call at a time, in this order:\n"
            "  thread 0  | thread 1       | main\n"
            "  take -> 2 |                |\n"
            "            | put(1) -> done |\n"
            "            |                | contents\n");
}

TEST(Lockstep, ObjectsToWrongContents) {
  const auto text = in_lockstep(box_vocabulary(1), {{put(1)}});
  ASSERT_TRUE(text);
  EXPECT_NE(text->find("contents -> 2"), std::string::npos) << *text;
}

TEST(Concurrent, AcceptsWhatAnOrderExplains) {
  const Program program{{put(1), put(2)}, {take(), take()}};
  const ProgramReport found = explored(box_vocabulary(), program);
  EXPECT_FALSE(found.report.violated()) << found.report.text();
  EXPECT_EQ(found.report.executions, 50u);
  EXPECT_GE(found.histories, 1u);
  EXPECT_LE(found.histories, 50u);
  EXPECT_EQ(found.undecided, 0u);
}

TEST(Concurrent, ObjectsToAWrongResult) {
  const ProgramReport found = explored(box_vocabulary(1), {{put(1)}, {take()}});
  ASSERT_TRUE(found.report.violated());
  EXPECT_EQ(found.report.violation->kind, Kind::kAssertion);
  ASSERT_TRUE(found.history);
  const std::string text = history_text(*found.history);
  EXPECT_NE(text.find("take -> 2: the model would give 1"), std::string::npos) << text;
}

// The explorer sees at once that the model has them wait, too; real threads see a hang.
TEST(Concurrent, AProgramThatMustWaitForEver) {
  const Program program{{put(1), put(2)}, {put(3)}};
  ASSERT_TRUE(always_gets_stuck(box_vocabulary(), program));
  const ProgramReport found = explored(box_vocabulary(), program);
  if (kExplored) {
    EXPECT_FALSE(found.report.violated()) << found.report.text();
    return;
  }
  ASSERT_TRUE(found.report.violated());
  EXPECT_EQ(found.report.violation->kind, Kind::kHang);
  EXPECT_FALSE(found.history) << "the model allows it";
}

TEST(Concurrent, ACallThatWaitsThoughTheModelLetsItGoOn) {
  Vocabulary box = box_vocabulary();
  box.operations[kTake].name = "take too much";
  const auto right = box.make_subject;
  // Takes twice what it says.
  struct Greedy final : Subject {
    explicit Greedy(std::unique_ptr<Subject> box) : inner(std::move(box)) {}
    void run(unsigned operation, unsigned lane, const std::vector<Value>& arguments,
             Value& result) override {
      if (operation == kTake) inner->run(operation, lane, arguments, result);
      inner->run(operation, lane, arguments, result);
    }
    const std::unique_ptr<Subject> inner;
  };
  box.make_subject = [right] { return std::make_unique<Greedy>(right()); };
  const ProgramReport found = explored(box, {{put(1)}, {take()}});
  ASSERT_TRUE(found.report.violated());
  EXPECT_TRUE(satisfies(Kind::kHang, found.report.violation->kind)) << found.report.text();
  ASSERT_TRUE(found.history);
  const std::string text = history_text(*found.history);
  EXPECT_NE(text.find("it waits for ever, but the model lets it go on"), std::string::npos) << text;
}

TEST(Property, HoldsOfARightBoxAndTriesPrograms) {
  const Verdict verdict = find_violation(box_vocabulary());
  EXPECT_EQ(text(verdict), "");
  EXPECT_GT(verdict.calls, 0u);
}

TEST(Property, ShrinksToTheSmallestProgramAndRepeatsItForTheSameSeed) {
  Search search{.on_real_threads = false};
  search.options.budget = Seconds(20);
  const Verdict first = find_violation(box_vocabulary(1), search);
  const Verdict second = find_violation(box_vocabulary(1), search);
  ASSERT_TRUE(first.violation && second.violation);
  EXPECT_EQ(first.violation->replay, second.violation->replay);
  EXPECT_EQ(table(box_vocabulary(), first.violation->program),
            "  main\n"
            "  put(1)\n"
            "  contents\n")
      << first.violation->text;
  EXPECT_NE(first.violation->replay.find("WEFT_PROGRAM="), std::string::npos)
      << first.violation->replay;
  Search again = search;
  again.options.program = encoded(box_vocabulary(1), first.violation->program);
  const Verdict repeated = find_violation(box_vocabulary(1), again);
  ASSERT_TRUE(repeated.violation);
  EXPECT_EQ(repeated.programs, 1u);
  EXPECT_EQ(encoded(box_vocabulary(1), repeated.violation->program), again.options.program);
}

TEST(Property, AScheduleRepeatsAProgramInOneExecution) {
  if (!kExplored) GTEST_SKIP() << "real threads have no schedule";
  Search search{.in_lockstep = false, .in_a_row = false};
  search.options.budget = Seconds(20);
  const Verdict first = find_violation(box_vocabulary(1), search);
  ASSERT_TRUE(first.violation && first.violation->report);
  Search again = search;
  again.options.program = encoded(box_vocabulary(1), first.violation->program);
  again.options.schedule = first.violation->report->schedule;
  const Verdict repeated = find_violation(box_vocabulary(1), again);
  ASSERT_TRUE(repeated.violation && repeated.violation->report);
  EXPECT_EQ(repeated.executions, 1u);
  EXPECT_EQ(repeated.violation->history, first.violation->history);
  EXPECT_EQ(repeated.violation->replay, first.violation->replay);
  again.options.program.clear();
  EXPECT_THROW((void)find_violation(box_vocabulary(1), again), OptionError);
}

TEST(Property, TellsTheCallsInTheFindingToo) {
  if (!kExplored) GTEST_SKIP() << "real threads have no finding";
  Search search{.in_lockstep = false};
  search.options.budget = Seconds(20);
  const Verdict verdict = find_violation(box_vocabulary(1), search);
  ASSERT_TRUE(verdict.violation && verdict.violation->report);
  const report::Finding finding = report::finding_from_json(verdict.violation->report->finding);
  EXPECT_EQ(finding.history, verdict.violation->history);
  EXPECT_EQ(finding.sentence, "no order of the calls explains what was seen");
  EXPECT_NE(finding.replay.find("WEFT_PROGRAM="), std::string::npos);
}

}  // namespace
}  // namespace weft::generate
