#include "stress/run/search.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>

#include "primitives/annotate.h"
#include "stress/run/text_for_test.h"

namespace weft {
namespace {

using namespace std::chrono_literals;

// Two threads read, then write what they have read plus one.
void lose_an_update(Run& run) {
  std::atomic<int> count{0};
  for (int i = 0; i < 2; ++i) {
    run.thread([&] {
      const int seen = count.load();
      annotate::point("between read and write");
      count.store(seen + 1);
    });
  }
  run.join();
  run.require(count == 2, "an increment was lost");
}

void keep_all_updates(Run& run) {
  std::atomic<int> count{0};
  for (int i = 0; i < 2; ++i) run.thread([&] { count.fetch_add(1); });
  run.join();
  run.require(count == 2, "an increment was lost");
}

TEST(Search, ALostUpdateIsFound) {
  const Report report = search_for(Kind::kAssertion, "update", lose_an_update);
  EXPECT_EQ(text_of(report), "assertion: an increment was lost");
  EXPECT_TRUE(report.violated());
  EXPECT_EQ(report.executions, report.execution + 1);
  EXPECT_TRUE(contains(report.replay, "WEFT_SEED=" + std::to_string(report.seed)));
}

TEST(Search, TheCorrectTwinIsUndecided) {
  const Report report = search("update", keep_all_updates, {.budget = 300ms});
  EXPECT_EQ(report.verdict, Verdict::kUndecided);
  EXPECT_EQ(text_of(report), "nothing");
  EXPECT_GT(report.executions, 1u);
}

TEST(Search, ExecutionsAreRespected) {
  std::uint64_t bodies = 0;
  const Report report =
      search("count", [&](weft::Run&) { ++bodies; }, {.budget = 60s, .executions = 17});
  EXPECT_EQ(bodies, 17u);
  EXPECT_EQ(report.executions, 17u);
}

TEST(Search, TheBudgetIsRespected) {
  const auto begin = std::chrono::steady_clock::now();
  search("time", [](weft::Run&) {}, {.budget = 200ms, .executions = ~std::uint64_t{0}});
  const Seconds taken = std::chrono::steady_clock::now() - begin;
  EXPECT_GE(taken.count(), 0.2);
  EXPECT_LT(taken.count(), 20);  // a bound on a busy machine, far from "for ever"
}

TEST(Search, BazelsTimeoutEndsASearchEarly) {
  const char* before = std::getenv("TEST_TIMEOUT");
  const std::string kept = before == nullptr ? "" : before;
  setenv("TEST_TIMEOUT", "1", 1);  // 80 % of it has passed, or will within a second
  const Report report =
      search("time", [](weft::Run&) {}, {.budget = 600s, .executions = ~std::uint64_t{0}});
  kept.empty() ? unsetenv("TEST_TIMEOUT") : setenv("TEST_TIMEOUT", kept.c_str(), 1);
  EXPECT_GE(report.executions, 1u);  // never a check that has judged nothing
  EXPECT_LT(report.seconds, 60);
}

TEST(Search, AnExceptionOfAThreadOrOfTheBodyIsAViolation) {
  const Report thread = search("thread", [](weft::Run& run) {
    run.thread("reader", [] { throw std::runtime_error("no such file"); });
    run.join();
  });
  EXPECT_EQ(text_of(thread), "exception: std::runtime_error: no such file left reader");
  const Report body = search("body", [](weft::Run&) { throw 7; });
  EXPECT_EQ(text_of(body), "exception: int left the body");
}

TEST(Search, AThreadWhoseNeighbourThrewIsStillJoined) {
  std::atomic<int> ended{0};
  const Report report = search("both", [&](weft::Run& run) {
    run.thread([] { throw std::logic_error("first"); });
    run.thread([&] { ++ended; });
    run.join();
  });
  EXPECT_EQ(report.executions, 1u);
  EXPECT_EQ(ended, 1);
}

TEST(Search, ABodyThatLeavesItsThreadsBehindIsViolated) {
  static std::atomic<int> running{0};
  const Report report = search("left", [](weft::Run& run) { run.thread([] { ++running; }); });
  EXPECT_TRUE(contains(text_of(report), "returned without run.join()")) << text_of(report);
}

TEST(Search, AThreadNotYetStartedWhenTheBodyThrowsNeverRuns) {
  using Clock = std::chrono::steady_clock;
  for (int i = 0; i < 20; ++i) {
    Clock::time_point made{};
    std::optional<Clock::time_point> ran;
    const auto body = [&](weft::Run& run) {
      made = Clock::now();
      run.thread([&] { ran = Clock::now(); });
      throw std::logic_error("body");
    };
    EXPECT_EQ(text_of(search("thrown", body)), "exception: std::logic_error: body left the body");
    // A thread that has been held back for milliseconds, on a busy machine, is let go.
    EXPECT_TRUE(!ran || *ran - made >= 3ms);
  }
}

TEST(Search, ABodyMayWaitForItsThreadsBeforeItJoinsThem) {
  const Report report = search("early",
                               [](weft::Run& run) {
                                 std::atomic<bool> here{false};
                                 run.thread([&] { here = true; });
                                 while (!here) std::this_thread::yield();
                                 run.thread([&] { here = false; });
                                 run.join();
                                 run.thread([&] { here = true; });  // a second phase
                                 run.join();
                                 run.require(here, "the second phase did not run");
                               },
                               {.budget = 200ms});
  EXPECT_EQ(text_of(report), "nothing");
}

TEST(Search, OneSearchInsideAnotherIsRefused) {
  const Report report = search("outer", [](weft::Run&) { search("inner", [](weft::Run&) {}); });
  EXPECT_TRUE(contains(text_of(report), "a check inside the body of another check"))
      << report.text();
}

TEST(Search, AnIsolatedSearchInsideAnotherIsRefused) {
  const auto inner = [](weft::Run&) { search("inner", [](weft::Run&) {}, {.isolate = true}); };
  EXPECT_TRUE(
      contains(text_of(search("outer", inner)), "a check inside the body of another check"));
}

TEST(Search, EventsArePrintedInOrderWithTheirThreads) {
  const Report report = search("events", [](weft::Run& run) {
    run.thread("writer", [&] { run.event("wrote"); });
    run.join();
    run.event("joined");
    run.fail("end");
  });
  ASSERT_TRUE(report.violation);
  EXPECT_EQ(report.violation->events, (std::vector<std::string>{"writer: wrote", "body: joined"}));
}

}  // namespace
}  // namespace weft
