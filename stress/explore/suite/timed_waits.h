// Every wait with a limit that is modelled, by its name.
//
// Thread safety: a wait is for the body of an execution; it makes a thread of its own.
// Invariants:     (I1) what a wait made is gone when it returns.
#pragma once

#include <chrono>
#include <span>

namespace weft::suite {

// From the beginning of a wait: when it is given what it waits for, and when it gives up.
struct Times {
  std::chrono::milliseconds given;
  std::chrono::milliseconds limit;
};

struct TimedWait {
  const char* name;
  bool (*was_given)(const Times&);  // it did not give up
};

std::span<const TimedWait> timed_waits();

}  // namespace weft::suite
