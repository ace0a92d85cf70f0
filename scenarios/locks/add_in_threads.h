// Several threads add to one number, as the scenarios about locks do it.
#pragma once

#include "scenarios/inside.h"
#include "scenarios/scenario.h"
#include "scenarios/together.h"

namespace weft::scenarios {

inline constexpr int kAdders = 4;
inline constexpr int kAdditionsEach = 25;

// `add(increment)` enters its critical section and calls increment() there. Claims that no two
// threads were inside at once. Returns the sum; an unlocked one would also be a data race.
template <class Add>
int add_in_threads(Transcript& out, Add add) {
  Inside inside;
  int sum = 0;  // guarded by whatever `add` does
  const auto increment = [&] {
    const bool alone = inside.enter() == 1;
    sum = sum + 1;
    inside.leave();
    if (!alone) out.claim(false, "two threads are inside at once");
  };
  together(kAdders, [&](int) {
    for (int i = 0; i < kAdditionsEach; ++i) add(increment);
  });
  return sum;
}

}  // namespace weft::scenarios
