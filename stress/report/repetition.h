// What threads of a livelock do again and again: the end of an execution that had to be ended.
//
// Thread safety: a pure function.
// Invariants:     (I1) a thread's steps are compared by operation, object, place and success; the
//                      values that it read are not.
// Non-invariants: that it would have gone on so for ever. A thread that no fixed cycle fits is told
//                 by the different steps that it took last.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "stress/report/finding.h"

namespace weft::report {

struct Repetition {
  unsigned thread = 0;
  std::vector<unsigned> steps;  // of the last round; or different ones, in order
  std::size_t rounds = 0;       // in a row, up to the end; 0 if there is no fixed cycle
};

// Of each thread that could go on at the end, and of those that waited there for a moment between
// many steps.
std::vector<Repetition> repetitions_of(const Finding& finding);

// "repeats 812 times: lock mutex 1 (f.cc:12), yield (f.cc:13)".
std::string in_words(const Repetition& repetition, const Finding& finding);

}  // namespace weft::report
