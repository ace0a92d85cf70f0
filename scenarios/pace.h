// Pace: how long a scenario pretends to work. Programs for people take their time; tests take none.
// Thread safety: a constant value.
// Non-invariants: a pause orders nothing. No property may depend on one.
#pragma once

#include <chrono>

namespace weft::scenarios {

struct Pace {
  std::chrono::milliseconds beat{0};  // stands for the example's sleep(1)

  // Sleeps for so many beats; at zero returns at once, without a system call.
  void pause(double beats) const;
};

}  // namespace weft::scenarios
