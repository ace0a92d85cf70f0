// A property of every program over a vocabulary: what its calls give, and whether they wait, is
// what the model says for some order of the calls (linearizability). rapidcheck generates programs;
// of one that violates the property, the smallest found is reported.
//
//   EXPECT_EQ("", text(find_violation(lock_vocabulary<Lock>("Lock"))));
//
// The seed of everything is Options::seed (WEFT_SEED, --weft_seed, TEST_RANDOM_SEED), the time for
// it Options::budget; Options::program (WEFT_PROGRAM) is one program, to be run again.
// Thread safety: as stress/run/search.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "stress/generate/program.h"
#include "stress/generate/subject.h"
#include "stress/report/history.h"
#include "stress/run/options.h"
#include "stress/run/report.h"

namespace weft::generate {

struct Search {
  unsigned threads_max = 3;
  unsigned calls_max = 4;   // of a thread
  unsigned around_max = 2;  // calls of the main thread before the others, and after them
  // Ways to run a program. Under the explorer the second one is explored, while the first one has
  // its real threads there as well.
  bool in_lockstep = true;
  bool on_real_threads = true;
  // Of each program on real threads; and of each that is explored.
  std::uint64_t executions = 20;
  std::uint64_t explored = 100;
  std::uint64_t programs = 10'000;
  Seconds shrinking{15};  // time for it at most
  Options options = {};
  // A third way, before the others: all calls by the main thread. Not for an object that keeps
  // something in that thread, which outlives executions; then around_max is to be 0, too.
  bool in_a_row = true;
  // Under the explorer: also programs in which calls wait for ever, and the model has them wait.
  // Elsewhere such calls are left out.
  bool stuck = true;
};

struct Violation {
  std::string text = {};    // what is wrong, and the table
  std::string replay = {};  // a line to paste
  Program program = {};     // the smallest one
  std::uint64_t seed = 0;
  std::uint64_t programs = 0;                   // tried until the first that violated the property
  std::uint64_t shrinks = 0;                    // steps from that one to the one shown
  std::optional<Report> report = {};            // of its search; one in lockstep has none
  std::optional<report::History> history = {};  // if it is one that no order explains
};

struct Verdict {
  std::uint64_t programs = 0;
  std::uint64_t calls = 0;       // of those programs, each counted once
  std::uint64_t executions = 0;  // of them all, but those one call at a time
  std::uint64_t histories = 0;   // judged; of each program those that are different
  std::uint64_t undecided = 0;   // of them, for lack of time
  std::optional<Violation> violation = {};
};

Verdict find_violation(const Vocabulary& vocabulary, const Search& search = {});

// Empty if there is no violation: the property was not seen to fail.
std::string text(const Verdict& verdict);

}  // namespace weft::generate
