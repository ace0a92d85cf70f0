#include "stress/run/search.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <cstdlib>
#include <mutex>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>

#include "primitives/annotate.h"
#include "stress/run/build_mode.h"
#include "stress/run/perturb.h"
#include "stress/run/thread_sanitizer.h"

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

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != text.npos;
}

std::string text_of(const Report& report) {
  return report.violation
             ? std::string(to_string(report.violation->kind)) + ": " + report.violation->text
             : "nothing";
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
  std::atomic<int> ran{0};
  const auto begin = std::chrono::steady_clock::now();
  const Report report = search("thrown",
                               [&](weft::Run& run) {
                                 run.thread([&] { ++ran; });
                                 throw std::logic_error("body");
                               },
                               {.executions = 1});
  const auto taken = std::chrono::steady_clock::now() - begin;
  EXPECT_EQ(text_of(report), "exception: std::logic_error: body left the body");
  // On a machine so busy that the body took milliseconds to throw, the thread was let go.
  EXPECT_TRUE(ran == 0 || taken > 3ms);
}

struct Fork {
  std::mutex mutex;
  void lock() {
    annotate::waiting(this, "fork");
    mutex.lock();
    annotate::acquired(this, "fork");
  }
  void unlock() {
    mutex.unlock();
    annotate::released(this, "fork");
  }
};

__attribute__((noinline)) void eat_with(Fork& first, Fork& second) {
  first.lock();
  second.lock();
  second.unlock();
  first.unlock();
}

TEST(Search, ADeadlockIsAHangWithStacksAndHolders) {
  const Body dine = [](weft::Run& run) {
    Fork left, right;
    annotate::named(&left, "left");
    annotate::named(&right, "right");
    run.thread("Ada", [&] { eat_with(left, right); });
    run.thread("Bob", [&] { eat_with(right, left); });
    run.join();
  };
  const Report report = search_for(Kind::kHang, "dinner", dine, {.hang_after = 300ms});
  ASSERT_TRUE(report.violation) << report.summary();
  ASSERT_EQ(report.violation->kind, Kind::kHang) << report.text();
  const std::string& text = report.violation->text;
  EXPECT_TRUE(contains(text, "Ada waits for fork 'right' held by Bob")) << text;
  EXPECT_TRUE(contains(text, "Bob waits for fork 'left' held by Ada")) << text;
  std::set<std::string> names;
  for (const ThreadDump& thread : report.violation->threads) {
    names.insert(thread.name);
    EXPECT_EQ(thread.state, "asleep");
    if (thread.name == "body") continue;
    std::string frames;
    for (const auto& frame : thread.frames) frames += frame + "\n";
    EXPECT_TRUE(contains(frames, "eat_with")) << thread.name << "\n" << frames;
    EXPECT_EQ(thread.holds,
              std::vector<std::string>{thread.name == "Ada" ? "fork 'left'" : "fork 'right'"});
  }
  EXPECT_EQ(names, (std::set<std::string>{"body", "Ada", "Bob"}));
}

TEST(Search, ALockWithoutAnOwnerIsForgottenByItsHolderWhenAnotherThreadReleasesIt) {
  const Report report = search_for(Kind::kHang, "handed over",
                                   [](weft::Run& run) {
                                     static int lock;
                                     static int other;
                                     std::atomic<int> step{0};
                                     run.thread("taker", [&] {
                                       annotate::acquired(&lock, "lock");
                                       annotate::acquired(&other, "lock");
                                       step = 1;
                                       while (step < 2) std::this_thread::yield();
                                       step.wait(2);
                                     });
                                     run.thread("giver", [&] {
                                       while (step < 1) std::this_thread::yield();
                                       annotate::released(&lock, "lock");
                                       step = 2;
                                     });
                                     run.join();
                                   },
                                   {.hang_after = 300ms, .perturb = kPlain});
  ASSERT_TRUE(report.violation && report.violation->kind == Kind::kHang) << report.text();
  for (const ThreadDump& thread : report.violation->threads) {
    if (thread.name == "taker") EXPECT_EQ(thread.holds.size(), 1u);
  }
}

TEST(Search, ALivelockIsFoundWhileItsThreadsRun) {
  const Report report = search_for(Kind::kLivelock, "spin",
                                   [](weft::Run& run) {
                                     std::atomic<bool> stop{false};
                                     run.thread("spinner", [&] {
                                       while (!stop) annotate::point("again");
                                     });
                                     run.join();
                                   },
                                   {.livelock_after = 600ms});
  EXPECT_EQ(report.violation->kind, Kind::kLivelock) << report.text();
}

TEST(Search, PollingForEverIsALivelockNotAHang) {
  const Report report = search_for(Kind::kLivelock, "poll",
                                   [](weft::Run& run) {
                                     std::atomic<bool> stop{false};
                                     run.thread([&] {
                                       while (!stop) std::this_thread::sleep_for(5ms);
                                     });
                                     run.join();
                                   },
                                   {.hang_after = 500ms, .livelock_after = 2s});
  EXPECT_EQ(report.violation->kind, Kind::kLivelock) << report.text();
}

TEST(Search, ATimedWaitShorterThanTheLimitIsNoHang) {
  const Report report = search("waits",
                               [](weft::Run& run) {
                                 std::mutex mutex;
                                 std::condition_variable never;
                                 run.thread([&] {
                                   std::unique_lock lock(mutex);
                                   for (int i = 0; i < 4; ++i) never.wait_for(lock, 200ms);
                                 });
                                 run.join();
                               },
                               {.executions = 1, .hang_after = 500ms});
  EXPECT_EQ(text_of(report), "nothing");
}

TEST(Search, StarvedThreadsAreNoHang) {
  // Sixteen threads on one core: each waits for it far longer than it runs.
  const Report report = search("starved",
                               [](weft::Run& run) {
                                 std::atomic<int> ended{0};
                                 for (int i = 0; i < 16; ++i) {
                                   run.thread([&] {
                                     const auto end = std::chrono::steady_clock::now() + 600ms;
                                     while (std::chrono::steady_clock::now() < end) {
                                     }
                                     ++ended;
                                   });
                                 }
                                 run.join();
                                 run.require(ended == 16, "a thread was lost");
                               },
                               {.executions = 1, .hang_after = 200ms, .perturb = kPin});
  EXPECT_EQ(text_of(report), "nothing");
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

TEST(Search, AHangAfterAViolationDoesNotHideIt) {
  const Report report = search_for(Kind::kAssertion, "both",
                                   [](weft::Run& run) {
                                     run.fail("first");
                                     std::atomic<int> never{0};
                                     never.wait(0);
                                   },
                                   {.hang_after = 200ms});
  EXPECT_EQ(text_of(report), "assertion: first");
  ASSERT_EQ(report.also.size(), 1u);
  EXPECT_EQ(report.also[0].kind, Kind::kHang);
}

TEST(Search, CrashesOfAnIsolatedSearchAreReported) {
  const std::pair<const char*, Body> kEnds[] = {
      {"SIGSEGV", [](weft::Run&) { std::raise(SIGSEGV); }},
      {"SIGABRT", [](weft::Run&) { std::abort(); }},
      {"status 3", [](weft::Run&) { _Exit(3); }},
      {"terminate called",
       [](weft::Run&) { std::thread([] { throw std::runtime_error("x"); }).join(); }},
  };
  for (const auto& [part, body] : kEnds) {
    const Report report = search_for(Kind::kCrash, "crash", body);
    ASSERT_TRUE(report.violation);
    EXPECT_EQ(report.violation->kind, Kind::kCrash);
    // A sanitizer has its own words for a fault.
    const bool in_its_words = contains(report.violation->text, "Sanitizer");
    EXPECT_TRUE(in_its_words || contains(report.violation->text, part)) << report.text();
    EXPECT_EQ(report.executions, 1u);
    EXPECT_EQ(report.seed, kDefaultSeed);
  }
}

TEST(Search, ACrashOfALaterExecutionNamesItsSeed) {
  const Report report = search_for(Kind::kCrash, "crash", [](weft::Run& run) {
    if (run.execution() == 5) std::abort();
  });
  EXPECT_EQ(report.execution, 5u);
  std::uint64_t seed = kDefaultSeed;
  for (int i = 0; i < 5; ++i) seed = internal::next_seed(seed);
  EXPECT_EQ(report.seed, seed);
}

TEST(Search, AnIsolatedSearchThatFindsNothingSaysSo) {
  const Report report = search("calm", keep_all_updates, {.executions = 20, .isolate = true});
  EXPECT_FALSE(report.violated());
  EXPECT_EQ(report.executions, 20u);
}

#if defined(WEFT_ADDRESS_SANITIZER)
TEST(Search, AUseAfterFreeIsACrashInTheSanitizersWords) {
  const Report report = search_for(Kind::kCrash, "use after free", [](weft::Run&) {
    int* volatile freed = new int(1);
    delete freed;
    *freed = 2;
  });
  EXPECT_TRUE(contains(text_of(report), "AddressSanitizer: heap-use-after-free")) << report.text();
}
#endif

TEST(Search, OneSearchInsideAnotherIsRefused) {
  const Report report = search("outer", [](weft::Run&) { search("inner", [](weft::Run&) {}); });
  EXPECT_TRUE(contains(text_of(report), "a check inside the body of another check"))
      << report.text();
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

#if defined(WEFT_THREAD_SANITIZER)
// Whatever Weft does between two unordered accesses must not order them.
template <class Between>
Report race_with(Between between) {
  return search_for(Kind::kDataRace, "race", [between](weft::Run& run) {
    int shared = 0;
    for (int i = 0; i < 2; ++i) {
      run.thread([&shared, &run, between] {
        between(run);
        ++shared;
        between(run);
      });
    }
    run.join();
  });
}

TEST(ThreadSanitizer, ARaceIsFoundWithBothItsPlaces) {
  const Report report = race_with([](weft::Run&) {});
  EXPECT_EQ(report.violation->kind, Kind::kDataRace) << report.text();
  EXPECT_TRUE(contains(report.violation->text, "search_test.cc")) << report.text();
  EXPECT_TRUE(contains(report.violation->text, ", against ")) << report.text();
}

TEST(ThreadSanitizer, NothingOfWeftHidesARace) {
  static int lock;
  const std::function<void(weft::Run&)> kHarmless[] = {
      [](weft::Run&) { annotate::point("x"); },
      [](weft::Run&) { annotate::waiting(&lock, "lock"); },
      [](weft::Run&) { annotate::acquired(&lock, "lock"); },
      [](weft::Run&) { annotate::released(&lock, "lock"); },
      [](weft::Run&) { annotate::named(&lock, "name"); },
      [](weft::Run&) { annotate::destroyed(&lock); },
      [](weft::Run& run) { run.event("x"); },
      [](weft::Run& run) { run.random()(); },
      [](weft::Run& run) { run.require(true, "x"); },
      [](weft::Run&) { EXPECT_TRUE(true); },
  };
  for (std::size_t i = 0; i < std::size(kHarmless); ++i) {
    const Report report = race_with([call = kHarmless[i]](weft::Run& run) { call(run); });
    EXPECT_EQ(text_of(report).substr(0, 9), "data race") << i;
  }
}

TEST(ThreadSanitizer, TheCommonStartHidesNoRaceWithTheBody) {
  const Report report = search_for(Kind::kDataRace, "body", [](weft::Run& run) {
    int shared = 0;
    run.thread([&] { ++shared; });
    ++shared;
    run.thread([] {});
    run.join();
  });
  EXPECT_EQ(report.violation->kind, Kind::kDataRace) << report.text();
}

TEST(ThreadSanitizer, LocksTakenInBothOrdersAreReportedWithoutADeadlock) {
  const Report report = search_for(Kind::kLockInversion, "orders", [](weft::Run& run) {
    std::mutex a, b;
    run.thread([&] { const std::scoped_lock first(a), second(b); });
    run.join();
    run.thread([&] { const std::scoped_lock first(b), second(a); });
    run.join();
  });
  EXPECT_EQ(report.violation->kind, Kind::kLockInversion) << report.text();
}

TEST(ThreadSanitizer, ARaceInALoopIsReportedOnceAThread) {
  const std::uint64_t before = internal::thread_sanitizer_reports();
  const Report report = search("loop", [](weft::Run& run) {
    int shared = 0;
    for (int i = 0; i < 2; ++i) {
      run.thread([&] {
        for (int k = 0; k < 1000; ++k) {
          ++shared;
          annotate::point("x");
        }
      });
    }
    run.join();
  });
  EXPECT_EQ(report.violation->kind, Kind::kDataRace) << report.text();
  EXPECT_LE(internal::thread_sanitizer_reports() - before, 2u);
}
#endif

}  // namespace
}  // namespace weft
