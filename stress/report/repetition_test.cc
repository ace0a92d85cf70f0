#include "stress/report/repetition.h"

#include <gtest/gtest.h>

#include <string>

namespace weft::report {
namespace {

// Threads "a" and "b", which have not ended; an operation each character of `acts`, small letters
// by a, capital ones by b.
Finding doing(const std::string& acts) {
  Finding finding;
  finding.threads.resize(2);
  finding.threads[0].name = "a";
  finding.threads[1].name = "b";
  for (Thread& thread : finding.threads) thread.state = ThreadState::kCouldGoOn;
  for (char act : acts) {
    Step step;
    step.thread = act >= 'A' && act <= 'Z' ? 1 : 0;
    step.operation = std::string(1, act);
    finding.steps.push_back(step);
  }
  return finding;
}

std::string words_of(const std::string& acts) {
  const Finding finding = doing(acts);
  std::string text;
  for (const Repetition& each : repetitions_of(finding)) {
    text += finding.threads[each.thread].name + " " + in_words(each, finding) + "\n";
  }
  return text;
}

std::string times(int count, const std::string& text) {
  std::string all;
  for (int i = 0; i < count; ++i) all += text;
  return all;
}

TEST(Repetition, IsTheShortestRound) {
  EXPECT_EQ(words_of("wxyz" + times(10, "pq")), "a repeats 10 times: p, q\n");
  EXPECT_EQ(words_of(times(9, "p")), "a repeats 9 times: p\n");
}

// However their steps were mixed.
TEST(Repetition, IsOfEachThreadByItself) {
  EXPECT_EQ(words_of(times(6, "pLqM") + times(3, "LMpq")),
            "a repeats 9 times: p, q\nb repeats 9 times: L, M\n");
}

TEST(Repetition, OfAnUnfinishedRoundBeginsInItsMiddle) {
  EXPECT_EQ(words_of(times(5, "pqr") + "pq"), "a repeats 5 times: r, p, q\n");
}

TEST(Repetition, WithoutACycleNamesTheDifferentSteps) {
  EXPECT_EQ(words_of("pqppqppppqqpqqqppqpqqqqppq"), "a goes round, in changing order: p, q\n");
}

TEST(Repetition, IsNotOfThoseWhoDidLittleOrEnded) {
  EXPECT_EQ(words_of("pqpqpqp"), "");
  Finding ended = doing(times(10, "pq"));
  ended.threads[0].state = ThreadState::kEnded;
  EXPECT_TRUE(repetitions_of(ended).empty());
}

// A step that fails now and then is another one than the same that does not.
TEST(Repetition, TellsSuccessFromFailure) {
  Finding finding = doing(times(8, "pq"));
  for (std::size_t i = 0; i < finding.steps.size(); i += 4) finding.steps[i].failed = true;
  const auto all = repetitions_of(finding);
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0].steps.size(), 4u);
}

}  // namespace
}  // namespace weft::report
