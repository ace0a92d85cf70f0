// Explores a body with one strategy, for tests of the strategies: what happened in each execution,
// as text.
//
// Thread safety: as explore.h. Only in programs that link the explorer.
#pragma once

#include <cstdint>
#include <string>

#include "stress/explore/explore.h"
#include "stress/explore/strategy.h"

namespace weft::explore {

struct OneExecution {
  Finding finding = Finding::kNone;
  // The operations of its threads but the root, a letter each: a, b, ... of the first thread made,
  // A, B, ... of the second, 0, 1, ... of the third.
  std::string trace;
  bool exhausted = false;  // the strategy has nothing left
};

inline std::string trace_of_this_execution() {
  constexpr char kFirst[] = {'a', 'A', '0'};
  int done[3] = {};
  std::string trace;
  for (unsigned i = 0; i < event_count(); ++i) {
    const unsigned thread = event(i).thread;
    if (thread == 0 || thread > 3) continue;
    trace += static_cast<char>(kFirst[thread - 1] + done[thread - 1]++);
  }
  return trace;
}

template <class Body>
OneExecution explore_once(const Body& body, Strategy& strategy, std::uint64_t seed, Limits limits) {
  OneExecution one;
  const Outcome& outcome = execute([](void* argument) { (*static_cast<const Body*>(argument))(); },
                                   const_cast<Body*>(&body), strategy, seed, limits);
  one.finding = outcome.finding;
  if (limits.record) one.trace = trace_of_this_execution();
  one.exhausted = strategy.end();
  return one;
}

}  // namespace weft::explore
