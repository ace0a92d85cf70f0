// Whether some order of a history's operations, one that keeps what is known to have come before
// what, is one that the specification allows: linearizability (Herlihy and Wing, "Linearizability:
// a correctness condition for concurrent objects", TOPLAS 1990, section 2) where the known order is
// real time, and its kin for weaker orders.
//
// The search is Wing and Gong's ("Testing and verifying concurrent objects", JPDC 1993, section 4)
// with Lowe's memory of configurations ("Testing for linearizability", CCPE 2017, section 4): what
// has been put in order is a prefix of each thread, so a configuration is one number a thread and a
// state of the model, and none is gone through twice.
//
// Thread safety: judge() from any thread; a Judge from one at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "stress/linearize/history.h"
#include "stress/linearize/judgement.h"
#include "stress/linearize/specification.h"

namespace weft::linearize {

// Judges one history after another and keeps its memory in between.
class Judge {
 public:
  // The specification must outlive it.
  explicit Judge(const Specification& specification, const Limits& limits = {});
  ~Judge();
  Judge(const Judge&) = delete;
  Judge& operator=(const Judge&) = delete;

  // Throws ValueError if the history breaks an invariant of History.
  Judgement judge(const History& history);
  // The same verdict, without saying why: faster.
  Verdict verdict(const History& history);

 private:
  class Work;
  std::unique_ptr<Work> work_;
};

Judgement judge(const Specification& specification, const History& history,
                const Limits& limits = {});

}  // namespace weft::linearize
