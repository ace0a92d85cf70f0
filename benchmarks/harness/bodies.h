// What the harness is measured with: bodies of an execution, each compiled twice, as the mode
// explore compiles a test, and optimised without any instrumentation.
//
// Thread safety: each function makes threads of its own and shares nothing with other calls.
#pragma once

namespace weft::benchmarks {

struct Bodies {
  void (*nothing)(void*);
  void (*loads_and_stores)(void*);  // two threads, each loads and then stores the one variable
  void (*philosophers)(void*);      // five take two std::mutexes each, two rounds, the lower first
  void (*additions)(void*);         // two threads add kAdditions times each
  void (*writes)(void*);            // one thread writes kWrites numbers of its own
};
inline constexpr int kAdditions = 500;
inline constexpr int kWrites = 100'000;

extern const Bodies explored;
extern const Bodies plain;

}  // namespace weft::benchmarks
