// main() of every concurrency test: GoogleTest, Weft's flags, and Bazel's test protocol.
//
//   --weft_...               options of checks; docs/writing-a-test.md has the table
//   TEST_SHARD_INDEX, ...    every shard runs all test cases, each with seeds of its own, because
//                            what a concurrency test has much of is executions, not cases
//   TEST_TIMEOUT             checks end and report within 80 % of it (stress/run/options.h)
//   SIGTERM                  Bazel's when a test's time is up: prints the stacks of all threads
//   XML_OUTPUT_FILE          complete at the end, by GoogleTest; until then see early_xml.h
//   TEST_UNDECLARED_OUTPUTS_DIR, TEST_WARNINGS_OUTPUT_FILE: see check.h
//   TESTBRIDGE_TEST_ONLY, TEST_PREMATURE_EXIT_FILE, ...: GoogleTest honours them
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>

#include "stress/early_xml.h"
#include "stress/run/last_words.h"
#include "stress/run/options.h"
#include "stress/run/process.h"
#include "stress/test_events.h"

namespace {

void take_shards_from_gtest() {
  for (const char* name : {"TEST_SHARD_STATUS_FILE", "GTEST_SHARD_STATUS_FILE"}) {
    const char* file = std::getenv(name);
    if (file != nullptr && *file != '\0') std::ofstream(file).flush();
  }
  for (const char* name : {"GTEST_TOTAL_SHARDS", "GTEST_SHARD_INDEX", "GTEST_SHARD_STATUS_FILE"}) {
    unsetenv(name);
  }
}

}  // namespace

int main(int argc, char** argv) {
  try {
    weft::take_flags(&argc, argv);
    weft::resolved({});  // a bad environment is one error now, not one in each test
  } catch (const weft::OptionError& error) {
    std::fprintf(stderr, "weft: %s\n", error.what());
    return 2;
  }
  take_shards_from_gtest();
  testing::InitGoogleTest(&argc, argv);
  if (const char* xml = std::getenv("XML_OUTPUT_FILE"); xml != nullptr && *xml != '\0') {
    testing::UnitTest::GetInstance()->listeners().Append(new weft::internal::EarlyXml(xml));
  }
  weft::internal::watch_tests();
  weft::internal::print_all_stacks_at_termination();
  weft::leave(RUN_ALL_TESTS());
}
