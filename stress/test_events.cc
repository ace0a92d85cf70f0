#include "stress/test_events.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>

#include "stress/run/thread_sanitizer.h"

namespace weft::internal {
namespace {

int checks = 0;

// A report is counted when it happens and becomes a failure here: the runtime calls back under
// locks of its own, so an assertion in the callback could deadlock.
class Listener : public testing::EmptyTestEventListener {
  void OnTestStart(const testing::TestInfo&) override { checks = 0; }

  void OnTestEnd(const testing::TestInfo&) override {
    unmute_this_thread();
    if (unclaimed_thread_sanitizer_reports() == 0) return;
    std::string text;
    std::uint64_t seen = 0;
    for (const Violation& violation : claim_thread_sanitizer_reports(seen)) {
      text += "\n  " + std::string(to_string(violation.kind)) + ": " + violation.text;
    }
    ADD_FAILURE() << "ThreadSanitizer reported outside of any check:" << text;
  }
};

}  // namespace

void watch_tests() { testing::UnitTest::GetInstance()->listeners().Append(new Listener); }

int count_check() { return ++checks; }

}  // namespace weft::internal
