// The judgement of a test whose operation has its system calls fail.
//
// Thread safety: by the thread that runs the test.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <string>

#include "stress/fault/fail_system_calls.h"

namespace weft::fault {

// Half of the operations with a failure end within 100 ms, and none hangs: the rest may be the
// machine's other work. `calls`: those that the operation is known to make, and that failed.
inline void expect_told(Failures failures, std::initializer_list<const char*> calls) {
  for (const std::string& wrong : failures.wrong) ADD_FAILURE() << wrong;
  for (const char* const call : calls) {
    EXPECT_GT(failures.calls[call], 0) << "the operation does not call " << call;
  }
  std::ranges::sort(failures.seconds);
  if (!failures.seconds.empty()) {
    EXPECT_LE(failures.seconds[failures.seconds.size() / 2], 0.1);
  }
  testing::Test::RecordProperty("runs", static_cast<int>(failures.runs));
  testing::Test::RecordProperty("succeeded", static_cast<int>(failures.succeeded));
  testing::Test::RecordProperty("told", static_cast<int>(failures.told));
}

}  // namespace weft::fault
