#include "stress/check.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>

#include "primitives/annotate.h"
#include "stress/run/build_mode.h"
#include "stress/run_self_for_test.h"

namespace {

using namespace std::chrono_literals;
using weft::internal::run_self;
using weft::internal::SelfRun;

int count(const std::string& text, const std::string& part) {
  int found = 0;
  for (std::size_t at = 0; (at = text.find(part, at)) != text.npos; at += part.size()) ++found;
  return found;
}

// --- Tests that fail, or worse. They run only as children of the tests below. ---

void sleep_for_good() {
  std::atomic<int> never{0};
  never.wait(0);
}
TEST(DISABLED_Mixed, BeforeIsGood) {
  weft::check([](weft::Run&) {}, {.executions = 3});
}
TEST(DISABLED_Mixed, ExpectationOfAThreadFails) {
  weft::check([](weft::Run& run) {
    run.thread([] { EXPECT_EQ(1 + 1, 3); });
    run.thread([] { EXPECT_EQ(2 + 2, 5); });
    run.join();
  });
}
TEST(DISABLED_Mixed, AfterIsGood) {
  weft::check([](weft::Run&) {}, {.executions = 3});
}

TEST(DISABLED_Hang, Sleeps) {
  weft::check(
      [](weft::Run& run) {
        run.thread("sleeper", sleep_for_good);
        run.join();
      },
      {.hang_after = 200ms});
}
TEST(DISABLED_Hang, AfterIsGood) {
  weft::check([](weft::Run&) {}, {.executions = 3});
}

TEST(DISABLED_Crash, Segfaults) {
  weft::check([](weft::Run& run) {
    run.thread([&] {
      if (run.execution() == 2) std::abort();
    });
    run.join();
  });
}
TEST(DISABLED_Crash, Terminates) {
  weft::check([](weft::Run&) { std::thread([] { throw std::runtime_error("lost"); }).join(); });
}

TEST(DISABLED_Long, Budget) {
  weft::check([](weft::Run&) {}, {.budget = 1000s, .executions = ~std::uint64_t{0}});
}

TEST(DISABLED_Control, HangsInThisProcess) {
  weft::expect_violation(weft::Kind::kHang,
                         [](weft::Run& run) {
                           run.thread("sleeper", sleep_for_good);
                           run.join();
                         },
                         {.hang_after = 200ms, .isolate = false});
}
TEST(DISABLED_Control, SpinsInThisProcess) {
  weft::expect_violation(weft::Kind::kLivelock,
                         [](weft::Run& run) {
                           run.thread([] {
                             while (true) weft::annotate::point("spin");
                           });
                           run.join();
                         },
                         {.livelock_after = 400ms, .isolate = false});
}
TEST(DISABLED_Control, IsolatesBesideThreadsLeftBehind) {
  weft::expect_violation(weft::Kind::kCrash, [](weft::Run&) { std::abort(); });
}
TEST(DISABLED_Control, Leaks) {
  int* volatile leaked = new int(1);
  EXPECT_EQ(*leaked, 1);
  leaked = nullptr;
}

TEST(DISABLED_Wrong, NothingToFind) {
  weft::expect_violation(weft::Kind::kAssertion, [](weft::Run&) {},
                         {.budget = 50ms, .executions = 5});
}
TEST(DISABLED_Wrong, AnotherKindIsFound) {
  weft::expect_violation(weft::Kind::kHang, [](weft::Run&) { throw 1; },
                         {.budget = 50ms, .executions = 5});
}

void race(weft::Run& run) {
  int shared = 0;
  for (int i = 0; i < 2; ++i) run.thread([&] { ++shared; });
  run.join();
}
TEST(DISABLED_Race, OfACheck) { weft::check(race); }
TEST(DISABLED_Race, OutsideOfAnyCheck) {
  int shared = 0;
  std::thread a([&] { ++shared; });
  std::thread b([&] { ++shared; });
  a.join();
  b.join();
}
TEST(DISABLED_Race, AfterIsGood) {
  weft::check([](weft::Run&) {}, {.executions = 3});
}
TEST(DISABLED_ExpectedRace, IsolatedOrNot) {
  weft::expect_violation(weft::Kind::kDataRace, race, {.isolate = true});
  weft::expect_violation(weft::Kind::kDataRace, race, {.isolate = false});
}

// --- What the above look like from outside. ---

TEST(Check, AFailedExpectationOfAThreadFailsExactlyItsTestOnce) {
  const SelfRun run = run_self({.filter = "DISABLED_Mixed.*"});
  EXPECT_EQ(run.exit_code, 1);
  EXPECT_TRUE(run.reports("<testsuites tests=\"3\" failures=\"1\"")) << run.xml;
  EXPECT_EQ(count(run.xml, "<failure "), 1) << run.xml;
  EXPECT_TRUE(run.prints("[       OK ] DISABLED_Mixed.AfterIsGood"));
  EXPECT_TRUE(run.prints("1 + 1") != run.prints("2 + 2")) << "one failure, the first";
  EXPECT_TRUE(run.prints("check_test.cc:")) << run.output;
}

TEST(Check, AFailureHasItsSeedAndALineToRepeatIt) {
  const SelfRun run = run_self({.filter = "DISABLED_Mixed.Expect*",
                                .environment = {{"TEST_TARGET", "//stress:check_test"},
                                                {"WEFT_PERTURB", "plain"},
                                                {"WEFT_SEED", "42"}}});
  EXPECT_TRUE(run.prints("execution 0 (plain), seed 42")) << run.output;
  EXPECT_TRUE(
      run.prints("repeat: bazel test //stress:check_test "
                 "--test_filter=DISABLED_Mixed.ExpectationOfAThreadFails "
                 "--test_env=WEFT_PERTURB=plain --test_env=WEFT_SEED=42\n"))
      << run.output;
}

TEST(Check, TheLineToRepeatAFailureFailsAlike) {
  const SelfRun first = run_self({.filter = "DISABLED_Mixed.Expect*"});
  const std::size_t at = first.output.find("WEFT_SEED=");
  ASSERT_NE(at, first.output.npos);
  const std::string seed = first.output.substr(at + 10, first.output.find(' ', at) - at - 10);
  const SelfRun again =
      run_self({.filter = "DISABLED_Mixed.Expect*", .environment = {{"WEFT_SEED", seed}}});
  EXPECT_EQ(again.exit_code, 1);
  EXPECT_TRUE(again.prints("execution 0 ")) << again.output;
  EXPECT_TRUE(again.prints("seed " + seed)) << again.output;
}

TEST(Check, PropertiesOfTheTestHaveVerdictExecutionsAndSeed) {
  const SelfRun run = run_self({.filter = "DISABLED_Mixed.*"});
  EXPECT_EQ(count(run.xml, "<property name=\"verdict\" value=\"undecided\"/>"), 2) << run.xml;
  EXPECT_EQ(count(run.xml, "<property name=\"executions\" value=\"3\"/>"), 2);
  EXPECT_EQ(count(run.xml, "<property name=\"verdict\" value=\"violated\"/>"), 1);
  EXPECT_EQ(count(run.xml, "<property name=\"kind\" value=\"assertion\"/>"), 1);
  EXPECT_EQ(count(run.xml, "<property name=\"seed\" value=\"20260101\"/>"), 3);
  EXPECT_EQ(count(run.xml, "<property name=\"executions_per_second\" value="), 3);
  EXPECT_EQ(count(run.xml, "<property name=\"strategy\" value="), 1) << "how it was perturbed";
  EXPECT_EQ(count(run.xml, "<property name=\"distinct\""), 0) << "nobody counts them";
}

TEST(Check, TheReportOfAViolationIsAnOutputOfTheTest) {
  const SelfRun run = run_self({.filter = "DISABLED_Mixed.*"});
  ASSERT_EQ(run.outputs.size(), 1u);
  const auto& [file, text] = *run.outputs.begin();
  EXPECT_EQ(file, "DISABLED_Mixed.ExpectationOfAThreadFails.txt");
  EXPECT_EQ(text.substr(0, 11), "assertion: ");
}

TEST(Check, AHangFailsItsTestWithStacksAndTheNextTestRuns) {
  const SelfRun run = run_self({.filter = "DISABLED_Hang.*"});
  EXPECT_EQ(run.exit_code, 1);
  EXPECT_TRUE(run.reports("<testsuites tests=\"2\" failures=\"1\"")) << run.xml;
  EXPECT_TRUE(run.prints("hang: all 2 threads have been asleep")) << run.output;
  EXPECT_TRUE(run.prints("sleep_for_good")) << run.output;
  EXPECT_TRUE(run.prints("[       OK ] DISABLED_Hang.AfterIsGood")) << run.output;
}

TEST(Check, ACrashPrintsTheSeedAndALineToRepeatIt) {
  for (const char* test : {"DISABLED_Crash.Segfaults", "DISABLED_Crash.Terminates"}) {
    const SelfRun run =
        run_self({.filter = test, .environment = {{"TEST_TARGET", "//stress:check_test"}}});
    EXPECT_NE(run.exit_code, 0);
    EXPECT_EQ(count(run.output, "weft: crash: SIGABRT (abort) in " + std::string(test)), 1)
        << run.output;
    EXPECT_TRUE(run.prints(std::string("weft: repeat: bazel test //stress:check_test "
                                       "--test_filter=") +
                           test + " --test_env=WEFT_SEED="))
        << run.output;
  }
}

TEST(Check, ACrashLeavesXmlThatNamesItsTest) {
  const SelfRun run =
      run_self({.filter = "DISABLED_Mixed.Exp*:DISABLED_Mixed.Bef*:DISABLED_Crash.Terminates"});
  EXPECT_TRUE(run.reports("tests=\"3\" failures=\"1\" errors=\"1\"")) << run.xml;
  EXPECT_TRUE(
      run.reports("<testcase name=\"Terminates\" classname=\"DISABLED_Crash\"><error "
                  "message=\"the program ended in the middle of this test"))
      << run.xml;
  EXPECT_EQ(count(run.xml, "<properties><property name=\"verdict\" value="), 2)
      << "of those that had ended\n"
      << run.xml;
  EXPECT_TRUE(run.reports("&quot;") || run.reports("&#10;")) << "failures are escaped\n" << run.xml;
  EXPECT_TRUE(run.reports("</testsuites>\n")) << run.xml;
}

TEST(Check, BazelsTimeoutShortensTheBudget) {
  const SelfRun run =
      run_self({.filter = "DISABLED_Long.*", .environment = {{"TEST_TIMEOUT", "2"}}});
  EXPECT_EQ(run.exit_code, 0) << run.output;
  EXPECT_TRUE(run.reports("<property name=\"verdict\" value=\"undecided\"/>"));
  EXPECT_LT(run.seconds, 100);
  EXPECT_TRUE(run.prints("weft: warning: DISABLED_Long.Budget: undecided after ")) << run.output;
}

TEST(Check, ShardsRunAllTestsWithSeedsOfTheirOwn) {
  const std::string status =
      std::string(std::getenv("TEST_TMPDIR") ? std::getenv("TEST_TMPDIR") : "/tmp") +
      "/shard_status";
  std::vector<std::string> seeds;
  for (const char* shard : {"0", "1"}) {
    std::remove(status.c_str());
    const SelfRun run = run_self({.filter = "DISABLED_Mixed.BeforeIsGood",
                                  .environment = {{"TEST_TOTAL_SHARDS", "2"},
                                                  {"TEST_SHARD_INDEX", shard},
                                                  {"TEST_SHARD_STATUS_FILE", status},
                                                  {"GTEST_TOTAL_SHARDS", "2"},
                                                  {"GTEST_SHARD_INDEX", shard},
                                                  {"TEST_RANDOM_SEED", "1"}}});
    EXPECT_EQ(access(status.c_str(), F_OK), 0) << "Bazel would take the test for unsharded";
    EXPECT_TRUE(run.reports("<testsuites tests=\"1\" ")) << run.xml;
    const std::size_t at = run.xml.find("name=\"seed\" value=\"");
    ASSERT_NE(at, run.xml.npos) << run.xml;
    seeds.push_back(run.xml.substr(at, 40));
  }
  EXPECT_NE(seeds[0], seeds[1]);
}

TEST(Check, ABadFlagEndsTheProgramWithASentence) {
  const SelfRun run = run_self({.filter = "DISABLED_Mixed.*", .flags = {"--weft_seconds=soon"}});
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_TRUE(run.prints("weft: --weft_seconds=soon: not a time; give seconds above 0"))
      << run.output;
  const SelfRun environment =
      run_self({.filter = "DISABLED_Mixed.*", .environment = {{"WEFT_SEED", "x"}}});
  EXPECT_EQ(environment.exit_code, 2);
  EXPECT_TRUE(environment.prints("weft: WEFT_SEED=x: not a seed")) << environment.output;
}

TEST(Check, AFlagIsInForce) {
  const SelfRun run =
      run_self({.filter = "DISABLED_Mixed.BeforeIsGood", .flags = {"--weft_executions=2"}});
  EXPECT_TRUE(run.reports("<property name=\"executions\" value=\"2\"/>")) << run.xml;
}

TEST(Check, AProcessWithThreadsLeftBehindEndsAsItsTestsSay) {
  const SelfRun run = run_self({.filter = "DISABLED_Control.*-*Leaks"});
  // ThreadSanitizer lets no child make threads of a process that has some.
  EXPECT_EQ(run.exit_code, weft::kThreadSanitizer ? 1 : 0) << run.output;
  EXPECT_TRUE(run.prints("[       OK ] DISABLED_Control.HangsInThisProcess")) << run.output;
  EXPECT_TRUE(run.prints("[       OK ] DISABLED_Control.SpinsInThisProcess")) << run.output;
  EXPECT_EQ(run.prints("Make the threads inside the body"), weft::kThreadSanitizer);
  EXPECT_TRUE(run.reports("<testsuites tests=\"3\" ")) << run.xml;
}

#if defined(WEFT_ADDRESS_SANITIZER)
TEST(Check, ALeakIsFoundWhereNoThreadWasLeftBehind) {
  const SelfRun run = run_self({.filter = "DISABLED_Control.Leaks"});
  EXPECT_NE(run.exit_code, 0);
  EXPECT_TRUE(run.prints("LeakSanitizer: detected memory leaks")) << run.output;
  EXPECT_TRUE(run.prints("check_test.cc")) << run.output;
}

// The leak stands for what a thread left behind holds by its registers alone.
TEST(Check, WhatThreadsLeftBehindMayHoldIsNotCalledALeak) {
  const SelfRun run = run_self({.filter = "DISABLED_Control.Hangs*:DISABLED_Control.Leaks"});
  EXPECT_EQ(run.exit_code, 0) << run.output;
  EXPECT_EQ(count(run.output, "weft: leaks were not looked for: "), 1) << run.output;
}
#endif

TEST(Check, AControlThatFindsNothingOrSomethingElseFails) {
  const SelfRun run = run_self({.filter = "DISABLED_Wrong.*"});
  EXPECT_EQ(run.exit_code, 1);
  EXPECT_TRUE(run.prints("an assertion was to be found, but nothing was")) << run.output;
  EXPECT_TRUE(run.prints("a hang was to be found, but an exception was")) << run.output;
  EXPECT_TRUE(run.reports("<testsuites tests=\"2\" failures=\"2\"")) << run.xml;
}

TEST(Check, ASecondCheckOfATestHasAName) {
  const weft::Report first = weft::check([](weft::Run&) {}, {.executions = 1});
  const weft::Report second = weft::check([](weft::Run&) {}, {.executions = 1});
  EXPECT_EQ(first.name, "Check.ASecondCheckOfATestHasAName");
  EXPECT_EQ(second.name, "Check.ASecondCheckOfATestHasAName#2");
}

TEST(Check, BodiesMayMakeThreadsOfTheirOwn) {
  const weft::Report report = weft::expect_violation(weft::Kind::kAssertion, [](weft::Run& run) {
    std::atomic<int> count{0};
    const auto increment = [&] {
      const int seen = count;
      weft::annotate::point("between read and write");
      count = seen + 1;
    };
    std::thread a(increment), b(increment);
    a.join();
    b.join();
    run.require(count == 2, "an increment was lost");
  });
  EXPECT_EQ(report.violation->text, "an increment was lost");
}

TEST(Check, ExpectationsInAControlDoNotFailItsTest) {
  weft::expect_violation(weft::Kind::kAssertion, [](weft::Run&) { EXPECT_TRUE(false); },
                         {.isolate = false});
  weft::expect_violation(weft::Kind::kAssertion, [](weft::Run&) { ASSERT_TRUE(false); });
}

#if defined(WEFT_THREAD_SANITIZER)
TEST(Check, AnUnexpectedRaceFailsItsTestAndTheXmlIsComplete) {
  const SelfRun run = run_self({.filter = "DISABLED_Race.*"});
  EXPECT_NE(run.exit_code, 0);
  EXPECT_TRUE(run.reports("<testsuites tests=\"3\" failures=\"2\"")) << run.xml;
  EXPECT_TRUE(run.prints("[  FAILED  ] DISABLED_Race.OfACheck")) << run.output;
  EXPECT_TRUE(run.prints("ThreadSanitizer reported outside of any check")) << run.output;
  EXPECT_TRUE(run.prints("[       OK ] DISABLED_Race.AfterIsGood")) << run.output;
  EXPECT_TRUE(run.reports("kind\" value=\"data race")) << run.xml;
}

TEST(Check, AnExpectedRaceLeavesTheProcessGreen) {
  const SelfRun run = run_self({.filter = "DISABLED_ExpectedRace.*"});
  EXPECT_EQ(run.exit_code, 0) << run.output;
}
#endif

}  // namespace
