#include "stress/run/thread_sanitizer.h"

#include <gtest/gtest.h>

#include <functional>
#include <mutex>
#include <string>

#include "primitives/annotate.h"
#include "stress/run/search.h"
#include "stress/run/text_for_test.h"

namespace weft {
namespace {

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
  EXPECT_TRUE(contains(report.violation->text, "thread_sanitizer_test.cc")) << report.text();
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

}  // namespace
}  // namespace weft
