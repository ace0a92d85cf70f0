// What a check under the explorer looks like from outside, and what an execution has of its own.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <mutex>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>

#include "primitives/annotate.h"
#include "primitives/threading/lock.h"
#include "primitives/threading/thread.h"
#include "stress/check.h"
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

// --- Tests that fail. They run only as children of the tests below. ---

// Reads and writes in two steps.
void add_in_two_steps(std::atomic<int>& number) { number = number + 1; }

void lose_an_update(weft::Run& run) {
  std::atomic<int> number{0};
  run.thread("left", [&] { add_in_two_steps(number); });
  run.thread("right", [&] { add_in_two_steps(number); });
  run.join();
  run.require(number == 2, "two additions make two");
}

TEST(DISABLED_Mixed, BeforeIsGood) {
  weft::check([](weft::Run&) {});
}
TEST(DISABLED_Mixed, UpdateIsLost) { weft::check(lose_an_update); }
TEST(DISABLED_Mixed, LocksAreTakenInBothOrders) {
  weft::check([](weft::Run& run) {
    weft::Lock a, b;
    weft::annotate::named(&a, "a");
    weft::annotate::named(&b, "b");
    run.thread("ab", [&] { const std::scoped_lock first(a), second(b); });
    run.thread("ba", [&] { const std::scoped_lock first(b), second(a); });
    run.join();
  });
}
TEST(DISABLED_Mixed, ThreadAborts) {
  weft::check([](weft::Run& run) {
    run.thread("aborts", [] { std::abort(); });
    run.join();
  });
}
TEST(DISABLED_Mixed, ExceptionLeavesAThread) {
  weft::check([](weft::Run&) { std::thread([] { throw std::runtime_error("lost"); }).join(); });
}
TEST(DISABLED_Mixed, AfterIsGood) {
  weft::check([](weft::Run&) {});
}

TEST(DISABLED_Outliving, NamesAreCounted) {
  weft::check([](weft::Run& run) {
    std::atomic<int> number{0};
    weft::Thread left([&] { add_in_two_steps(number); });
    weft::Thread right([&] { add_in_two_steps(number); });
    left.start();
    right.start();
    left.join();
    right.join();
    run.require(number == 2, "two additions make two");
  });
}
TEST(DISABLED_Outliving, NumbersAreDrawn) {
  weft::check([](weft::Run& run) {
    std::atomic<unsigned> sum{0};
    for (int t = 0; t < 2; ++t) {
      run.thread([&] {
        if (run.random().chance(1, 8)) sum = sum + 1;
      });
    }
    run.join();
    run.require(sum < 2, "not both");
  });
}

TEST(DISABLED_Files, OfFourFindings) {
  weft::check(lose_an_update);
  weft::check(lose_an_update);
  for (int i = 0; i < 2; ++i) weft::check(lose_an_update, {.name = "../a/b <c>"});
}

TEST(DISABLED_Wrong, NothingToFind) {
  weft::expect_violation(weft::Kind::kAssertion, [](weft::Run&) {});
}
TEST(DISABLED_Wrong, ARaceComesBeforeIt) {
  weft::expect_violation(weft::Kind::kAssertion, [](weft::Run& run) {
    int number = 0;
    run.thread([&] { ++number; });
    run.thread([&] { ++number; });
    run.join();
    run.require(number == 2, "two additions make two");
  });
}
TEST(DISABLED_Wrong, AnotherKindIsFound) {
  weft::expect_violation(weft::Kind::kDeadlock, [](weft::Run&) { throw 1; });
}

// --- What the above look like from outside. ---

std::string schedule_in(const SelfRun& run) {
  constexpr const char* kBegin = "WEFT_SCHEDULE=";
  const std::size_t at = run.output.find(kBegin);
  if (at == run.output.npos) return "";
  const std::size_t begin = at + std::string(kBegin).size();
  return run.output.substr(begin, run.output.find_first_of(" \n", begin) - begin);
}

TEST(ExploredCheck, EachFailureFailsItsTestAloneInOneProcess) {
  const SelfRun run = run_self({.filter = "DISABLED_Mixed.*"});
  EXPECT_EQ(run.exit_code, 1) << run.output;
  EXPECT_TRUE(run.reports("<testsuites tests=\"6\" failures=\"4\"")) << run.xml;
  EXPECT_EQ(count(run.xml, "<failure "), 4) << run.xml;
  EXPECT_TRUE(run.prints("[       OK ] DISABLED_Mixed.AfterIsGood")) << run.output;
  for (const char* kind : {"assertion", "deadlock", "crash", "exception"}) {
    EXPECT_EQ(count(run.xml, std::string("name=\"kind\" value=\"") + kind + "\""), 1) << run.xml;
  }
  EXPECT_EQ(count(run.xml, "<property name=\"verdict\" value=\"holds\"/>"), 2) << run.xml;
  EXPECT_TRUE(run.prints("ab waits for Lock 'b' held by ba; ba waits for Lock 'a' held by ab"))
      << run.output;
}

TEST(ExploredCheck, TheLineToRepeatAFailureRepeatsIt) {
  for (const char* test :
       {"DISABLED_Mixed.UpdateIsLost", "DISABLED_Mixed.LocksAreTakenInBothOrders",
        "DISABLED_Mixed.ThreadAborts", "DISABLED_Mixed.ExceptionLeavesAThread",
        "DISABLED_Outliving.NamesAreCounted", "DISABLED_Outliving.NumbersAreDrawn"}) {
    const SelfRun found = run_self({.filter = test});
    const std::string schedule = schedule_in(found);
    ASSERT_NE(schedule, "") << found.output;
    const SelfRun again = run_self({.filter = test, .environment = {{"WEFT_SCHEDULE", schedule}}});
    EXPECT_EQ(again.exit_code, 1) << again.output;
    EXPECT_EQ(schedule_in(again), schedule) << again.output;
    const std::string file = std::string(test) + ".txt";
    ASSERT_TRUE(again.outputs.contains(file) && found.outputs.contains(file));
    // The same violation, by its first line.
    const std::string& text = again.outputs.at(file);
    EXPECT_TRUE(found.outputs.at(file).starts_with(text.substr(0, text.find('\n'))))
        << found.output << again.output;
    EXPECT_FALSE(again.prints("another execution")) << again.output;
  }
}

TEST(ExploredCheck, EachFindingHasFilesOfItsOwn) {
  const SelfRun run = run_self({.filter = "DISABLED_Files.*"});
  std::set<std::string> expected;
  for (const char* name : {"DISABLED_Files.OfFourFindings", "DISABLED_Files.OfFourFindings_2",
                           "_.._a_b__c_", "_.._a_b__c__2"}) {
    for (const char* kind : {".txt", ".finding.json", ".finding.html", ".finding.sarif"}) {
      expected.insert(name + std::string(kind));
    }
    const auto text = run.outputs.find(name + std::string(".txt"));
    ASSERT_NE(text, run.outputs.end()) << name;
    EXPECT_NE(text->second.find("\n  page: "), std::string::npos) << text->second;
    EXPECT_NE(text->second.find("/" + std::string(name) + ".finding.html\n"), std::string::npos)
        << text->second;
    EXPECT_TRUE(run.prints("/" + std::string(name) + ".finding.html\n")) << run.output;
  }
  std::set<std::string> written;
  for (const auto& [file, content] : run.outputs) {
    written.insert(file);
    EXPECT_FALSE(content.empty()) << file;
  }
  EXPECT_EQ(written, expected);
  const std::string& second = run.outputs.at("DISABLED_Files.OfFourFindings_2.finding.json");
  EXPECT_NE(second.find("\"test\": \"DISABLED_Files.OfFourFindings#2\""), second.npos) << second;
}

std::string property(const SelfRun& run, const std::string& name) {
  const std::string begin = "<property name=\"" + name + "\" value=\"";
  const std::size_t at = run.xml.find(begin);
  if (at == run.xml.npos) return "";
  const std::size_t value = at + begin.size();
  return run.xml.substr(value, run.xml.find('"', value) - value);
}

TEST(ExploredCheck, PropertiesOfTheTestSayWhatWasFoundAndHowItWasLookedFor) {
  const SelfRun run = run_self({.filter = "DISABLED_Files.*"});
  for (const char* suffix : {"", "_2", "_3", "_4"}) {
    const auto of = [&](const char* name) { return property(run, name + std::string(suffix)); };
    EXPECT_EQ(of("verdict"), "violated");
    EXPECT_EQ(of("kind"), "assertion");
    EXPECT_GE(std::atoi(of("executions").c_str()), 1) << run.xml;
    EXPECT_GE(std::atoi(of("distinct").c_str()), 1) << run.xml;
    EXPECT_GE(std::atoi(of("executions_per_second").c_str()), 1) << run.xml;
    EXPECT_NE(of("seconds"), "") << run.xml;
    EXPECT_NE(of("strategy"), "") << run.xml;
    EXPECT_EQ(of("bounds").rfind("sequentially consistent", 0), 0u) << of("bounds");
    EXPECT_NE(of("controlled").find(" functions; "), std::string::npos) << of("controlled");
    EXPECT_EQ(of("schedule").rfind("w1-", 0), 0u) << of("schedule");
    EXPECT_NE(of("seed"), "") << run.xml;
  }
}

TEST(ExploredCheck, PropertiesOfATestThatPassesSayWithinWhichBounds) {
  const SelfRun run = run_self({.filter = "DISABLED_Mixed.BeforeIsGood"});
  EXPECT_EQ(property(run, "verdict"), "holds") << run.xml;
  EXPECT_EQ(property(run, "executions"), "1");
  EXPECT_EQ(property(run, "distinct"), "1");
  EXPECT_NE(property(run, "bounds"), "");
  EXPECT_NE(property(run, "controlled"), "");
  EXPECT_EQ(property(run, "kind"), "");
  EXPECT_EQ(property(run, "schedule"), "");
}

TEST(ExploredCheck, AScheduleOfAnotherBodyIsRefused) {
  const std::string schedule = schedule_in(run_self({.filter = "DISABLED_Mixed.UpdateIsLost"}));
  const SelfRun run = run_self(
      {.filter = "DISABLED_Mixed.BeforeIsGood", .environment = {{"WEFT_SCHEDULE", schedule}}});
  EXPECT_EQ(run.exit_code, 1);
  EXPECT_TRUE(run.prints("this schedule is not from this program and body")) << run.output;
}

TEST(ExploredCheck, AControlThatFindsNothingOrSomethingElseFails) {
  const SelfRun run = run_self(
      {.filter = "DISABLED_Wrong.*:DISABLED_Mixed.AfterIsGood", .flags = {"--weft_executions=50"}});
  EXPECT_EQ(run.exit_code, 1);
  EXPECT_TRUE(run.prints("an assertion was to be found, but nothing was")) << run.output;
  EXPECT_TRUE(run.prints("met on the way: an exception: ")) << run.output;
  EXPECT_TRUE(run.prints("met on the way: a data race: ")) << run.output;
  EXPECT_TRUE(run.prints("Options{.races = false} looks at")) << run.output;
  EXPECT_TRUE(run.reports("<testsuites tests=\"4\" failures=\"3\"")) << run.xml;
}

// --- What an execution has of its own, and what it has not. ---

TEST(ExploredCheck, WhatAThreadHasForLifeIsNoNondeterminism) {
  static std::atomic<int> last{0};
  const weft::Report report = weft::check([](weft::Run& run) {
    thread_local const int serial = ++last;
    std::atomic<int> seen{0};
    run.thread([&] { seen = serial; });
    seen = 1;
    run.join();
  });
  EXPECT_EQ(report.verdict, weft::Verdict::kHolds) << report.text();
}

TEST(ExploredCheck, ABodyThatDrawsNumbersIsSearchedForOneSeedAfterTheOtherAndNeverHolds) {
  const weft::Report report = weft::check(
      [](weft::Run& run) {
        std::atomic<int> number{0};
        const bool twice = run.random().chance(1, 2);
        for (int t = 0; t < 2; ++t) {
          run.thread([&] {
            ++number;
            if (twice) ++number;
          });
        }
        run.join();
        run.require(number == (twice ? 4 : 2), "no addition is lost");
      },
      {.strategy = "exhaustive"});
  EXPECT_EQ(report.verdict, weft::Verdict::kUndecided) << report.text();
  EXPECT_EQ(report.distinct, 2u + 6u) << "the interleavings of both programs";
}

TEST(ExploredCheck, PatienceOutlastsWhoeverLooksAtAClock) {
  const weft::Options patient{.patient = true};
  const auto body = [](weft::Run& run) {
    std::mutex mutex;
    std::condition_variable told;
    bool is_told = false;
    run.thread([&] {
      std::unique_lock hold(mutex);
      run.require(told.wait_for(hold, 1h, [&] { return is_told; }), "an hour is enough");
    });
    const auto until = std::chrono::steady_clock::now() + 3ms;
    while (std::chrono::steady_clock::now() < until) std::this_thread::yield();
    {
      const std::lock_guard hold(mutex);
      is_told = true;
    }
    told.notify_one();
    run.join();
  };
  weft::check(body, patient);
  weft::expect_violation(weft::Kind::kAssertion, body);
}

TEST(ExploredCheck, PatienceEndsWhereOnlyTimeCanHelp) {
  weft::check(
      [](weft::Run& run) {
        std::atomic<bool> over{false};
        run.thread([&] {
          std::this_thread::sleep_for(1h);  // tidy-allow(sleep): what is tested is how it ends
          over = true;
        });
        while (!over) std::this_thread::yield();
        run.join();
      },
      {.patient = true});
}

// Whoever tries for a lock has its turn, in turns, just when another holds it.
TEST(ExploredCheck, WhoTriesForALockThatOthersQueueForIsNoLivelock) {
  weft::check([](weft::Run& run) {
    weft::Lock lock;
    int total = 0;
    for (int t = 0; t < 4; ++t) {
      run.thread([&, t] {
        for (int i = 0; i < 15; ++i) {
          if (t % 2 == 0) {
            while (!lock.try_acquire()) std::this_thread::yield();
          } else {
            lock.acquire();
          }
          ++total;
          lock.release();
        }
      });
    }
    run.join();
    run.require(total == 60, "each had its turns");
  });
}

}  // namespace
