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
#include "stress/linearize/specification.h"

namespace weft::linearize {

enum class Verdict : std::uint8_t {
  kLinearizable,
  kViolated,
  kUndecided,  // a limit came first
};

struct Limits {
  double seconds = 10;
  std::uint64_t configurations = 20'000'000;  // remembered, of each part
};

// Why an operation cannot be the next one after a legal prefix.
struct Refusal {
  enum Why {
    kResult,   // the model would give `model`, or says no to what was seen
    kBlocked,  // it returned, but the model would wait
    kEnabled,  // it waits for ever, but the model lets it go on
    kNotYet,   // `after` came before it, and is not in the prefix
  };
  Place place = {};
  Why why = kResult;
  Value model = {};
  Place after = {};
};

struct Judgement {
  Verdict verdict = Verdict::kLinearizable;
  std::uint64_t configurations = 0;  // gone through
  // A call that took several steps stands once for each of them.
  // If it is linearizable: an order of all its operations that shows it (pending ones that took no
  // effect are left out). If not: a longest order of some that the model allows, and why no
  // thread's next operation goes on from there. If it is undecided: as far as the search came.
  std::vector<Place> order = {};
  std::string state = {};  // the model's, after `order`
  std::vector<Refusal> refusals = {};
  // Of a violation of one part alone: that part; `order` and `refusals` are of its operations.
  Value part = {};
};

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
