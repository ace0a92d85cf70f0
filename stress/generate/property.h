// A property of every program over a vocabulary: each step that a thread of it takes, and what is
// left at the end, is what the model says. Random programs are run one call at a time and on real
// threads; of one that violates the property, the smallest found is reported.
//
//   EXPECT_EQ("", text(find_violation(lock_vocabulary<Lock>("Lock"))));
//
// The seed of everything is Options::seed (WEFT_SEED, --weft_seed, TEST_RANDOM_SEED), the time for
// it Options::budget.
// Thread safety: as stress/run/search.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "stress/generate/vocabulary.h"
#include "stress/run/options.h"

namespace weft::generate {

struct Search {
  unsigned threads_max = 3;
  unsigned calls_max = 4;  // of a thread
  // Ways to run a program. At least one. Under the explorer the second one is explored, while the
  // first one has its real threads there as well.
  bool in_lockstep = true;
  bool on_real_threads = true;
  // Of each program on real threads.
  std::uint64_t executions = 20;
  std::uint64_t programs = 10'000;
  Seconds shrinking{15};  // time for it at most
  Options options = {};
};

struct Violation {
  std::string text;    // what is wrong, and the table
  std::string replay;  // a line to paste
  std::uint64_t seed = 0;
  std::uint64_t programs = 0;  // tried until the first that violated the property
  std::uint64_t shrinks = 0;   // steps from that one to the one shown
};

struct Verdict {
  std::uint64_t programs = 0;
  std::uint64_t calls = 0;  // of those programs, each counted once
  std::optional<Violation> violation;
};

Verdict find_violation(const Vocabulary& vocabulary, const Search& search = {});

// Empty if there is no violation: the property was not seen to fail.
std::string text(const Verdict& verdict);

}  // namespace weft::generate
