// Searches in a child process.
#include "stress/run/isolate.h"

#include <gtest/gtest.h>

#include <csignal>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <thread>

#include "stress/run/build_mode.h"
#include "stress/run/perturb.h"
#include "stress/run/search.h"
#include "stress/run/text_for_test.h"

namespace weft {
namespace {

TEST(Isolate, CrashesOfAnIsolatedSearchAreReported) {
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

TEST(Isolate, ACrashOfALaterExecutionNamesItsSeed) {
  const Report report = search_for(Kind::kCrash, "crash", [](weft::Run& run) {
    if (run.execution() == 5) std::abort();
  });
  EXPECT_EQ(report.execution, 5u);
  std::uint64_t seed = kDefaultSeed;
  for (int i = 0; i < 5; ++i) seed = next_seed(seed);
  EXPECT_EQ(report.seed, seed);
}

TEST(Isolate, AnIsolatedSearchThatFindsNothingSaysSo) {
  const Report report =
      search("calm", [](weft::Run&) {}, {.budget = Seconds(30), .executions = 20, .isolate = true});
  EXPECT_FALSE(report.violated());
  EXPECT_EQ(report.executions, 20u);
}

TEST(Isolate, WhatTheSearchThrowsIsNoCrash) {
  const auto throws = [](const auto& error) {
    internal::isolated([&](internal::Progress&) -> Report { throw error; }, Seconds(30), false);
  };
  EXPECT_THROW(throws(OptionError("a bad value")), OptionError);
  EXPECT_THROW(throws(std::logic_error("a second check")), std::runtime_error);
}

#if defined(WEFT_ADDRESS_SANITIZER)
TEST(Isolate, AUseAfterFreeIsACrashInTheSanitizersWords) {
  const Report report = search_for(Kind::kCrash, "use after free", [](weft::Run&) {
    int* volatile freed = new int(1);
    delete freed;
    *freed = 2;
  });
  EXPECT_TRUE(contains(text_of(report), "AddressSanitizer: heap-use-after-free")) << report.text();
}
#endif

}  // namespace
}  // namespace weft
