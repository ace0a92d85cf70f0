// Compiled without -fsanitize=thread, as a library from elsewhere may be: the check says so.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <string>

#include "stress/check.h"

namespace {

using ::testing::HasSubstr;

TEST(Uninstrumented, IsToldInTheReport) {
  const weft::Report report = weft::check([](weft::Run& run) {
    std::atomic<int> sum{0};
    run.thread("a thread with a name that is no short string", [&] { sum.fetch_add(1); });
    run.thread([&] { sum.fetch_add(1); });
    run.join();
    run.require(sum.load() == 2, "both have added");
  });
  EXPECT_EQ(report.accesses, 0u);
  EXPECT_THAT(report.controlled, HasSubstr("no instrumented access"));
  EXPECT_THAT(report.text(), HasSubstr("\n  controlled: " + report.controlled + "\n"));
}

}  // namespace
