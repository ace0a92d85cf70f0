// weft::check, the entry point of a concurrency test:
//
//   TEST(Queue, NoItemIsTakenTwice) {
//     weft::check([](weft::Run& run) {
//       weft::Queue<int> queue;
//       run.thread([&] { queue.put(1); });
//       run.thread([&] { queue.get(); });
//       run.join();
//       EXPECT_TRUE(queue.empty());
//     });
//   }
//
// The body is one execution: it makes its state, its threads, and says what must hold. It is run
// again and again (see search.h) until its budget is spent or a property is violated. A GoogleTest
// expectation that fails in the body, on whichever thread, violates it; run.require() does too.
//
// Thread safety: by the thread that runs the test; one check at a time.
// Invariants:     (I1) a violated check adds exactly one failure to the running test, with the seed
//                      and the line that repeats it, and ends after that execution.
//                 (I2) a control that finds its violation adds none.
// Non-invariants: that a passed check holds. Its verdict is *undecided*: the budget was spent.
#pragma once

#include <source_location>

#include "stress/run/search.h"

namespace weft {

// Fails the running test if a property is violated. Properties of the test in the XML: verdict,
// kind, executions, seed and more, see docs/writing-a-test.md (for a second check of one test:
// verdict_2 and so on). The report of a violation lies in TEST_UNDECLARED_OUTPUTS_DIR, too, with
// its finding for programs and for browsers (stress/report/files.h); a budget that TEST_TIMEOUT cut
// short is a line in TEST_WARNINGS_OUTPUT_FILE.
Report check(const Body& body, const Options& options = {},
             std::source_location where = std::source_location::current());

// A negative control: fails the running test unless a violation of exactly this kind is found in
// the budget. Violations of other kinds on the way are passed over while the process stays sound.
// Runs in a child process where it can (Options::isolate).
Report expect_violation(Kind kind, const Body& body, const Options& options = {},
                        std::source_location where = std::source_location::current());

}  // namespace weft
