// The tool itself: what it prints, what it lets through, what it objects to.
#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "primitives/base/wait_list.h"
#include "stress/generate/concurrent.h"
#include "stress/generate/interleavings.h"
#include "stress/generate/lockstep.h"
#include "stress/generate/program.h"
#include "stress/generate/property.h"
#include "stress/generate/vocabulary.h"
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

Call put(int number, int turn = 0) { return {.operation = kPut, .argument = number, .turn = turn}; }
Call take(int turn = 0) { return {.operation = kTake, .turn = turn}; }

Seen returned(Outcome outcome, std::uint64_t invoked = 0, std::uint64_t at = Seen::kLater) {
  return {.invoked = invoked, .returned = at, .outcome = outcome};
}

TEST(Table, HasOneColumnAThreadAndOneRowACallInTheOrderBegun) {
  const Program program{{put(1), put(2)}, {take()}};
  const std::vector<std::string> names{"put(#)", "take"};
  EXPECT_EQ(table(program, names),
            "  thread 0 | thread 1\n"
            "  put(1)   | take\n"
            "  put(2)   |\n");
  const History history{{returned("done")}, {Seen{}}};
  const std::vector<unsigned> order{1, 0};
  EXPECT_EQ(table(program, names, history, order),
            "  thread 0       | thread 1\n"
            "                 | take ... waits\n"
            "  put(1) -> done |\n"
            "  put(2)         |\n");
}

TEST(Table, ShowsLabelsWhereANameAsksForThem) {
  Program program{{put(1)}, {put(1)}};
  label_calls(program);
  const std::vector<std::string> names{"put(@)", "take"};
  EXPECT_EQ(table(program, names), "  thread 0 | thread 1\n  put(1)   | put(101)\n");
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
  EXPECT_EQ(table(finishing_part(box, ends), box.names()), table(ends, box.names()));
  const Program cut = finishing_part(box, {{put(1), put(2), put(3)}, {take()}});
  EXPECT_FALSE(find_stuck_call(box, cut));
  EXPECT_EQ(table(cut, box.names()),
            "  thread 0 | thread 1\n"
            "  put(1)   | take\n"
            "  put(2)   |\n");
}

bool is_explained(const Program& program, const History& history) {
  const Vocabulary box = box_vocabulary();
  const std::vector<Position> start(1, Position(box, program));
  return !explanations(start, history).empty();
}

TEST(Explanations, AcceptAnyOrderOfThreadsButNotOfAThread) {
  const Program program{{put(1), put(2)}, {take(), take()}};
  const auto history = [](std::int64_t first, std::int64_t second) {
    return History{{returned("done"), returned("done")}, {returned(first), returned(second)}};
  };
  EXPECT_TRUE(is_explained(program, history(1, 2)));
  EXPECT_FALSE(is_explained(program, history(2, 1)));
  EXPECT_FALSE(is_explained(program, history(1, 1))) << "taken twice";
}

TEST(Explanations, KeepACallBehindThoseThatReturnedBeforeItBegan) {
  const Program program{{put(1)}, {put(2)}, {take(), take()}};
  const auto history = [](std::uint64_t second_put_begins) {
    return History{{returned("done", 1, 2)},
                   {returned("done", second_put_begins, 20)},
                   {returned(std::int64_t{2}, 0, 30), returned(std::int64_t{1}, 31, 40)}};
  };
  EXPECT_TRUE(is_explained(program, history(1))) << "the puts overlap";
  EXPECT_FALSE(is_explained(program, history(3))) << "the put of 1 came first";
}

TEST(Explanations, AskThatAWaitingCallMustWait) {
  const Program program{{take()}, {put(1)}};
  EXPECT_TRUE(is_explained(program, {{Seen{}}, {}}));
  EXPECT_FALSE(is_explained(program, {{Seen{}}, {returned("done")}}));
  EXPECT_FALSE(is_explained(program, {{}, {Seen{}}})) << "a put into an empty box does not wait";
}

TEST(Lockstep, AcceptsWaitsAndWakeUpsThatTheModelHasToo) {
  // The first take waits, and at the end a put does.
  const Program program{{take(1), take(3)}, {put(1, 2), put(2, 4), put(3, 5), put(4, 6)}};
  EXPECT_EQ(violation_in_lockstep(box_vocabulary(), program), std::nullopt);
}

TEST(Lockstep, ObjectsToAWrongResultAndShowsTheOrder) {
  const auto text = violation_in_lockstep(box_vocabulary(1), {{take(1)}, {put(1, 2)}});
  ASSERT_TRUE(text);
  EXPECT_EQ(*text,
            "no order of the steps explains what was seen; one call at a time, in this order:\n"
            "  thread 0  | thread 1\n"
            "  take -> 2 |\n"
            "            | put(1) -> done\n");
}

TEST(Lockstep, ObjectsToWrongContents) {
  const auto text = violation_in_lockstep(box_vocabulary(1), {{put(1)}});
  ASSERT_TRUE(text);
  EXPECT_TRUE(text->starts_with("at the end it holds \"2\", the model \"1\"")) << *text;
}

TEST(Concurrent, AcceptsWhatAnOrderExplains) {
  const Program program{{put(1), put(2)}, {take(), take()}};
  const Report report = search_program(box_vocabulary(), program, 1, 50);
  EXPECT_FALSE(report.violated()) << report.text();
  EXPECT_EQ(report.executions, 50u);
}

TEST(Concurrent, ObjectsToAWrongResult) {
  const Report report = search_program(box_vocabulary(1), {{put(1)}, {take()}}, 1, 50);
  ASSERT_TRUE(report.violated());
  EXPECT_EQ(report.violation->kind, Kind::kAssertion);
  EXPECT_NE(report.violation->text.find("take -> 2"), std::string::npos) << report.text();
}

TEST(Concurrent, AProgramThatMustWaitForEverIsAHang) {
  const Program program{{put(1), put(2)}, {put(3)}};
  ASSERT_TRUE(always_gets_stuck(box_vocabulary(), program));
  const Report report = search_program(box_vocabulary(), program, 1, 50);
  ASSERT_TRUE(report.violated());
  EXPECT_EQ(report.violation->kind, kExplored ? Kind::kDeadlock : Kind::kHang);
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
  EXPECT_EQ(text(first), text(second));
  EXPECT_NE(first.violation->text.find("  thread 0\n  put(1) -> done\n"), std::string::npos)
      << first.violation->text;
  EXPECT_NE(first.violation->replay.find("WEFT_SEED=" + std::to_string(first.violation->seed)),
            std::string::npos)
      << first.violation->replay;
}

}  // namespace
}  // namespace weft::generate
