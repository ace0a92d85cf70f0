// What the judge says of a history.
//
// Thread safety: values.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "stress/linearize/history.h"
#include "stress/linearize/value.h"

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
  // thread's next operation goes on from there. Of a long history that a faster way has decided
  // (fast.h), the order may be left out, or not a longest one. If it is undecided: as far as the
  // search came.
  std::vector<Place> order = {};
  std::string state = {};  // the model's, after `order`
  std::vector<Refusal> refusals = {};
  // Of a violation of one part alone: that part; `order` and `refusals` are of its operations.
  Value part = {};
};

}  // namespace weft::linearize
