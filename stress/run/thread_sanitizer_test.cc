#include "stress/run/thread_sanitizer.h"

#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <ostream>
#include <string>
#include <thread>

#include "primitives/annotate.h"
#include "stress/run/options.h"
#include "stress/run/search.h"
#include "stress/run/text_for_test.h"

namespace weft {
namespace {

TEST(ThreadSanitizer, ARaceIsFoundWithBothItsPlaces) {
  const Report report = search_for(Kind::kDataRace, "race", [](weft::Run& run) {
    int shared = 0;
    for (int i = 0; i < 2; ++i) run.thread([&shared] { ++shared; });
    run.join();
  });
  EXPECT_EQ(report.violation->kind, Kind::kDataRace) << report.text();
  EXPECT_TRUE(contains(report.violation->text, "thread_sanitizer_test.cc")) << report.text();
  EXPECT_TRUE(contains(report.violation->text, ", against ")) << report.text();
}

// What Weft does after the first access, and before the second one.
struct Between {
  const char* name;
  std::function<void(weft::Run&)> after_first;
  std::function<void(weft::Run&)> before_second;
};
void PrintTo(const Between& between, std::ostream* out) { *out << between.name; }

Between both(const char* name, const std::function<void(weft::Run&)>& call) {
  return {name, call, call};
}

class Hook : public testing::TestWithParam<Between> {};

// The flag fixes the order of the accesses without ordering them for ThreadSanitizer, so that
// whatever else orders them hides the race each time, in the first execution too. With the order
// left to chance it would be the other way round often enough for the race to be found.
TEST_P(Hook, HidesNoRaceEvenInTheFirstExecution) {
  const Between& between = GetParam();
  for (unsigned mode : {kPlain, kYield, kSleep, kSpin, kPin}) {
    const Report report = search("race",
                                 [&between](weft::Run& run) {
                                   // On the heap: of accesses to the stack ThreadSanitizer leaves
                                   // some out.
                                   const auto shared = std::make_unique<int>(0);
                                   std::atomic<bool> flag{false};
                                   // relaxed throughout: the flag must order nothing.
                                   run.thread("first", [&] {
                                     ++*shared;
                                     between.after_first(run);
                                     flag.store(true, std::memory_order_relaxed);
                                   });
                                   run.thread("second", [&] {
                                     while (!flag.load(std::memory_order_relaxed))
                                       std::this_thread::yield();
                                     between.before_second(run);
                                     ++*shared;
                                   });
                                   run.join();
                                 },
                                 {.executions = 1, .perturb = mode});
    EXPECT_EQ(text_of(report).substr(0, 9), "data race") << to_string_of_modes(mode);
  }
}

int lock;  // its address stands for a lock

INSTANTIATE_TEST_SUITE_P(
    OfWeft, Hook,
    testing::Values(both("nothing", [](weft::Run&) {}),
                    both("point", [](weft::Run&) { annotate::point("x"); }),
                    both("waiting", [](weft::Run&) { annotate::waiting(&lock, "lock"); }),
                    both("acquired", [](weft::Run&) { annotate::acquired(&lock, "lock"); }),
                    both("released", [](weft::Run&) { annotate::released(&lock, "lock"); }),
                    Between{"released_then_acquired",
                            [](weft::Run&) { annotate::released(&lock, "lock"); },
                            [](weft::Run&) { annotate::acquired(&lock, "lock"); }},
                    both("named", [](weft::Run&) { annotate::named(&lock, "name"); }),
                    both("destroyed", [](weft::Run&) { annotate::destroyed(&lock); }),
                    both("event", [](weft::Run& run) { run.event("x"); }),
                    both("random", [](weft::Run& run) { run.random()(); }),
                    both("require", [](weft::Run& run) { run.require(true, "x"); }),
                    both("expectation", [](weft::Run&) { EXPECT_TRUE(true); })),
    [](const auto& info) { return std::string(info.param.name); });

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

}  // namespace
}  // namespace weft
