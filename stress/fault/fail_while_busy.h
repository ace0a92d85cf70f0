// Which system calls of a process that serves others are to fail, one in a run (kill_while_busy.h),
// and what came of it.
//
// Thread safety: by the thread that runs the test.
#pragma once

#include <gtest/gtest.h>

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "stress/fault/kill_while_busy.h"

namespace weft::fault {

// What came of the runs, and how often which call failed.
struct Outcomes {
  std::map<std::string, int> calls;
  int served = 0;
  int told = 0;
};

// Each call that can fail, with each of its errors, until none is left: `run` says how many errors
// the one that failed has, 0 if none failed.
inline void fail_each(const std::function<std::size_t(KillWhileBusy::Faults)>& run) {
  for (std::size_t call = 0; call < 200; ++call) {
    for (std::size_t error = 0, errors = 1; error < errors; ++error) {
      errors = run({.failing_call = call, .error = error});
      if (errors == 0) return;
    }
  }
  ADD_FAILURE() << "there is no end of the calls";
}

// The same of the first three calls of each name, where the calls of a run come as they come.
inline void fail_each_of(const std::vector<std::string>& names,
                         const std::function<std::size_t(KillWhileBusy::Faults)>& run) {
  for (const std::string& name : names) {
    for (std::size_t call = 0; call < 3; ++call) {
      for (std::size_t error = 0, errors = 1; error < errors; ++error) {
        errors = run({.failing_call = call, .error = error, .failing_name = name});
      }
    }
  }
}

// One call in `stride`, with one of its errors, and a kill soon after.
inline void fail_some_and_kill(std::size_t stride,
                               const std::function<std::size_t(KillWhileBusy::Faults)>& run) {
  for (const std::size_t steps : {1, 4}) {
    for (std::size_t call = 0; call < 40; call += stride) {
      if (run({.steps = steps, .failing_call = call, .error = call % stride}) == 0) break;
    }
  }
}

inline void note_failure(Outcomes& outcomes, const std::string& failure) {
  if (!failure.empty()) ++outcomes.calls[failure.substr(0, failure.find(' '))];
}

}  // namespace weft::fault
