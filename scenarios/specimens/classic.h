// A classic bug: one that has a report, a CVE or a paper, written anew as the smallest program that
// shows it, beside its mended twin. docs/specimens.md says which is which and where each is told.
//
// Their interleavings are rare on real threads, so they are made for the explorer and for
// comparing ways to search. Shared variables are atomic where the mistake is in the order of steps,
// since a plain access is no place to switch threads.
//
// Thread safety: the tables are constant; the functions in them may be called from several threads.
#pragma once

#include <string>
#include <string_view>

#include "scenarios/scenario.h"

namespace weft::scenarios {

struct Classic {
  static constexpr int kNotKnown = -1;

  std::string_view name;       // "published/reorder_20": scenarios/specimens/published/...
  std::string_view family;     // programs that differ in a parameter alone share it: "reorder"
  int threads = 0;             // the parameter, the number of threads; 0: the family has none
  std::string_view mistake;    // one sentence: what is wrong
  std::string_view kind;       // how it shows under the explorer
  std::string_view says = {};  // words of the report; for a deadlock: what is waited for
  // The fewest preemptions with which it shows, spurious wake-ups and failures apart.
  int preemptions = kNotKnown;
  // Why no strategy need find it within 10,000 executions; empty if one must.
  std::string_view hard = {};
  // As in Specimen.
  std::string (*body)();
  std::string (*mended)();
};

}  // namespace weft::scenarios
